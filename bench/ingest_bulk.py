"""Events into the record against a raw multi-row INSERT of the very same rows."""

import statistics
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import Json, execute_values

from assets.actions.versions import NewVersion, save_versions
from assets.content import Check
from assets.models import VersionCheck
from bench.library import make_assets
from bench.measure import Figure, alternate, noise
from people.actions.people import create_person
from telemetry.actions.record import Event, record
from tests.harness.run import Run

EVENTS, ASSETS, PEOPLE = 4_000, 40, 50


def measure(_run: Run) -> list[Figure]:
    """Rows per second, rollups and evidence included on our side."""
    people = [create_person(actor=None, username=f"reader-{n}").pk for n in range(PEOPLE)]
    assets, texts = make_assets(ASSETS)
    save_versions([NewVersion(asset_id=asset.pk, source=text) for asset, text in zip(assets, texts, strict=True)])
    checks = [
        (version, check, Check.from_dict(data))
        for version, check, data in VersionCheck.objects.values_list("version_id", "check_identity_id", "data")
    ]

    def events() -> list[Event]:
        made = []
        for n in range(EVENTS):
            version, check_id, check = checks[n % len(checks)]
            person = people[n % len(people)]
            if n % 3:
                right = check.choices[0]
                made.append(
                    Event(
                        verb="answered", person_id=person, version_id=version, check_id=check_id, check_key=check.key,
                        response={"choice": right.id}, right=right.right, score=1.0, duration_s=12.5, id=uuid4(),
                    )
                )  # fmt: skip
            else:
                made.append(Event(verb="experienced", person_id=person, version_id=version, id=uuid4()))
        return made

    batches = iter([events() for _n in range(9)])
    with CaptureQueriesContext(connection) as captured:
        record(next(batches))
    copy = RawCopy()
    mine, theirs = alternate(lambda: record(next(batches)), copy.insert, rounds=7)
    return [
        Figure(
            "ingest_bulk", EVENTS / statistics.median(mine), EVENTS / statistics.median(theirs), "rows/s",
            len(captured), noise(mine), f"{EVENTS:,} events a round; ours also moves evidence, seen and rollups",
        )
    ]  # fmt: skip


class RawCopy:
    """The rows that are stored, and a table like theirs to insert them into, 1,000 in one statement."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_statement (LIKE telemetry_statement INCLUDING ALL)")
            cursor.execute("SELECT * FROM telemetry_statement LIMIT %s", [EVENTS])
            self._rows = [tuple(Json(v) if isinstance(v, dict) else v for v in row) for row in cursor.fetchall()]
            self._columns = ", ".join(f'"{column.name}"' for column in cursor.description)
            cursor.execute(
                "SELECT string_agg('%s::' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)"
                " FROM pg_attribute a WHERE a.attrelid = 'telemetry_statement'::regclass AND a.attnum > 0"
                " AND NOT a.attisdropped"
            )
            self._template = f"({cursor.fetchone()[0]})"
        if len(self._rows) != EVENTS:
            raise AssertionError(f"{EVENTS} rows are needed, {len(self._rows)} are there.")

    def insert(self) -> None:
        """Empty the table (not counted by any reader of it) and insert all rows in one transaction."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE bench_statement")
            execute_values(
                cursor.cursor, f"INSERT INTO bench_statement ({self._columns}) VALUES %s", self._rows,
                template=self._template, page_size=1000,
            )  # fmt: skip
