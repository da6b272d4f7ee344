"""The record refuses to be changed, and a month without a partition loses nothing."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from people.models import User
from telemetry.actions.partitions import make_partitions
from telemetry.actions.record import Event, record
from telemetry.models import Statement
from telemetry.tasks import make_months
from tests.telemetry.conftest import Library


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE telemetry_statement SET claimed = true",
        "DELETE FROM telemetry_statement",
        "UPDATE telemetry_statement_id SET stored = now()",
        "DELETE FROM telemetry_statement_id",
    ],
)
def test_the_database_refuses_to_change_the_record(library: Library, alice: User, change: str) -> None:
    record([Event(verb="experienced", person_id=alice.pk, version_id=library.version("a").pk)])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Statement.objects.count() == 1


def test_the_coming_months_are_there_before_they_begin(db: None) -> None:
    assert make_months() == 0, "the migration made them"
    made = make_partitions(ahead=14, today=datetime(2031, 11, 30, tzinfo=UTC).date())
    assert [made[0].isoformat(), made[2].isoformat(), made[-1].isoformat()] == [
        "2031-11-01",
        "2032-01-01",
        "2033-01-01",
    ]
    assert make_partitions(ahead=14, today=datetime(2031, 11, 1, tzinfo=UTC).date()) == []


def test_a_month_nobody_made_is_kept_and_moved_when_it_is_made(library: Library, alice: User) -> None:
    record([Event(verb="experienced", person_id=alice.pk, version_id=library.version("a").pk)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telemetry_statement (seq, id, stored, at, actor_id, verb_id, object_id, kind, channel,"
            " claimed, raw)"
            " SELECT seq + n, gen_random_uuid(), '2041-05-31T23:30Z'::timestamptz + n * interval '20 minutes', at,"
            " actor_id, verb_id, object_id, kind, channel, claimed, raw"
            " FROM telemetry_statement, generate_series(1, 2) n"
        )
        where = (
            "SELECT tableoid::regclass::text, count(*) FROM telemetry_statement WHERE stored > '2041-01-01' GROUP BY 1"
        )
        cursor.execute(where)
        assert cursor.fetchall() == [("telemetry_statement_default", 2)]
    make_partitions(ahead=0, today=datetime(2041, 5, 3, tzinfo=UTC).date())
    with connection.cursor() as cursor:
        cursor.execute(where + " ORDER BY 1")
        assert cursor.fetchall() == [("telemetry_statement_2041_05", 1), ("telemetry_statement_default", 1)]
        for table in ("telemetry_statement_2041_05", "telemetry_statement_default"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(f"DELETE FROM {table}")
