"""Raise the epoch of targeting."""

from django.db import connection, transaction

# Never a number that was used before: after a restore from a backup the counter alone would go back, and meet
# snapshots in caches that carry the same number and another content.
_BUMP = """
INSERT INTO flags_flagepoch (id, version) VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
ON CONFLICT (id) DO UPDATE
    SET version = greatest(flags_flagepoch.version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
RETURNING version
"""


def raise_epoch() -> int:
    """Raise the epoch, as the last thing of a transaction that changed what people may be shown.

    Locks the epoch's row until commit, so two such transactions commit one after the other. Joins the caller's
    transaction. 1 query.

    Raises:
        TransactionManagementError: there is no transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("raise_epoch() belongs into the transaction of the change.")
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)
        (version,) = cursor.fetchone()
    return int(version)
