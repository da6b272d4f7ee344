"""Make the kept figures anew from the record."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from telemetry.queries.from_record import (
    EVIDENCE_COLUMNS,
    EVIDENCE_FROM_RECORD,
    ROLLUP_COLUMNS,
    ROLLUP_FROM_RECORD,
    SEEN_COLUMNS,
    SEEN_FROM_RECORD,
)

# In the order in which statements move them, so that locking them cannot form a ring with somebody who stores.
_TABLES = (
    ("telemetry_evidence", EVIDENCE_COLUMNS, EVIDENCE_FROM_RECORD),
    ("telemetry_seen", SEEN_COLUMNS, SEEN_FROM_RECORD),
    ("telemetry_rollup", ROLLUP_COLUMNS, ROLLUP_FROM_RECORD),
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Rows of one table: how many there are now, and how many of them were not there before in the same form."""

    table: str
    rows: int
    differed: int


def rebuild_rollups() -> list[Rebuilt]:
    """Compute rollups, evidence and what was seen from the record, and put them in place of the kept ones.

    One transaction; new statements wait for it (the three tables are locked), readers do not. `differed` above 0 says
    that a kept figure was wrong. 20 queries at most.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = ", ".join(name for name, _columns, _query in _TABLES)
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        return [_rebuild(cursor, *table) for table in _TABLES]


def _rebuild(cursor: CursorWrapper, table: str, columns: str, query: str) -> Rebuilt:
    # All three are constants of this module.
    gone = f"SELECT {columns} FROM {table} EXCEPT ALL SELECT {columns} FROM rebuilt"  # noqa: S608
    new = f"SELECT {columns} FROM rebuilt EXCEPT ALL SELECT {columns} FROM {table}"  # noqa: S608
    empty = f"SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
    cursor.execute(f"CREATE TEMPORARY TABLE rebuilt ON COMMIT DROP AS {empty}")
    cursor.execute(f"INSERT INTO rebuilt ({columns}) {query}")
    cursor.execute("SELECT count(*) FROM rebuilt")
    (rows,) = cursor.fetchone() or (0,)
    cursor.execute(f"SELECT count(*) FROM (({gone}) UNION ALL ({new})) differing")  # noqa: S608
    (differed,) = cursor.fetchone() or (0,)
    if differed:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM rebuilt")  # noqa: S608
    cursor.execute("DROP TABLE rebuilt")
    return Rebuilt(table, rows, differed)
