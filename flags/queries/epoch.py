"""Has targeting changed since I last looked?"""

from django.db import connection

Epoch = tuple[int, str]
"""The counter, and a signature of the database and of the declared attributes, which do not raise it."""

EPOCH_COLUMNS = """
       COALESCE((SELECT version FROM flags_flagepoch WHERE id = 1), 0),
       (SELECT oid FROM pg_database WHERE datname = current_database())::text ||
       COALESCE((SELECT md5(string_agg(key || ':' || type, ',' ORDER BY key)) FROM people_attributedefinition), '')
"""
"""The two columns of an epoch, for a query that asks for something else along with it."""


def current_epoch() -> Epoch:
    """The epoch now: the same as before when no flag, audience, release or declaration changed. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {EPOCH_COLUMNS}")
        version, signature = cursor.fetchone()
    return version, signature
