"""Invariant 8: a kept figure equals the same figure computed from the record."""

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.models import Version
from people.models import Team, User
from telemetry.actions.rebuild import rebuild_rollups
from telemetry.actions.record import Event, record
from telemetry.models import Evidence, Rollup, Statement, StatementId
from tests.telemetry.conftest import Library, check_of

START = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)

happenings = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(["experienced", "interacted", "answered", "rated", "released", "review_flag.raised"]),
        "who": st.integers(0, 3),  # 3: nobody
        "version": st.integers(0, 2),
        "check": st.sampled_from(["limit", "who"]),
        "right": st.booleans(),
        "claimed": st.booleans(),
        "channel": st.sampled_from(["portal", "email"]),
        "hours": st.integers(0, 60),
        "id": st.integers(0, 40),  # some come twice
    }
)


def event(happening: dict[str, Any], people: list[User], versions: list[Version], space: UUID) -> Event:
    version = versions[happening["version"]]
    answered, rated = happening["verb"] == "answered", happening["verb"] == "rated"
    person = people[happening["who"]] if happening["who"] < 3 else None
    return Event(
        id=uuid5(space, str(happening["id"])) if happening["id"] < 10 else uuid4(),
        verb=happening["verb"],
        person_id=person.pk if person else None,
        version_id=version.pk,
        check_id=check_of(version, happening["check"]).pk if answered else None,
        right=happening["right"] if answered or rated else None,
        claimed=happening["claimed"],
        channel=happening["channel"],
        at=START + timedelta(hours=happening["hours"]),
    )


@given(batches=st.lists(st.lists(happenings, max_size=12), max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_kept_figures_equal_the_record(
    batches: list[list[dict[str, Any]]], library: Library, alice: User, bob: User, charlie: User
) -> None:
    versions = list(Version.objects.order_by("pk")) or [
        library.version(
            "a", {"limit": "1", "who": "2"}, outcomes=("issue", "decline"), check_outcomes={"who": ["issue"]}
        ),
        library.version("a", {"limit": "1", "who": "3"}),
        library.version("b", {"limit": "1", "who": "2"}, outcomes=()),
    ]
    seen: dict[UUID, Event] = {}
    space = uuid4()  # the database keeps what earlier examples wrote
    for batch in batches:
        events = [event(happening, [alice, bob, charlie], versions, space) for happening in batch]
        record([seen.setdefault(e.id, e) for e in events if e.id])
    assert [result.differed for result in rebuild_rollups()] == [0, 0, 0]


def test_a_wrong_figure_is_found_and_mended(library: Library, alice: User) -> None:
    version = library.version("a", {"limit": "?"})
    record(
        [Event(verb="answered", person_id=alice.pk, version_id=version.pk, check_id=check_of(version).pk, right=True)]
    )
    Rollup.objects.update(answers=17)
    Evidence.objects.update(right_tries=0)
    out = StringIO()
    call_command("rebuild_rollups", stdout=out)
    assert "telemetry_rollup: 3 rows, 6 differed" in out.getvalue()
    assert set(Rollup.objects.values_list("answers", flat=True)) == {1}
    assert Evidence.objects.get().right_tries == 1
    out = StringIO()
    call_command("rebuild_rollups", stdout=out)
    assert out.getvalue().count(" 0 differed") == 3


def test_a_rollup_has_one_grain(library: Library) -> None:
    version = library.version("a", {"limit": "?"})
    with pytest.raises(IntegrityError, match="rollup_one_grain"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telemetry_rollup (version_id, check_identity_id, outcome_id, channel, day, views, clicks,"
            ' answers, "right", first_answers, first_right, useful, not_useful, review_flags, claims)'
            " VALUES (%s, %s, 1, 'portal', now(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            [version.pk, check_of(version).pk],
        )


@pytest.mark.django_db(transaction=True)
def test_writers_that_overlap_neither_lose_nor_double_nor_deadlock(
    library: Library, alice: User, bob: User, charlie: User, refunds: Team
) -> None:
    """Four writers, each sends the same 200 events in its own order, in batches that cut across the others'."""
    version = library.version("a", {"limit": "1", "who": "2"}, outcomes=("issue", "decline"))
    people = [alice, bob, charlie]
    events = [
        Event(
            id=uuid4(),
            verb="answered" if n % 2 else "experienced",
            person_id=people[n % 3].pk,
            version_id=version.pk,
            check_id=check_of(version, ("limit", "who")[n % 4 // 2]).pk if n % 2 else None,
            right=bool(n % 5) if n % 2 else None,
            at=START + timedelta(minutes=n),
        )
        for n in range(200)
    ]
    errors: list[BaseException] = []

    def write(stride: int) -> None:
        try:
            order = [events[(n * stride) % 200] for n in range(200)]
            for start in range(0, 200, 20):
                record(order[start : start + 20])
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(stride,)) for stride in (1, 7, 113, 199)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert Statement.objects.count() == StatementId.objects.count() == 200
    assert sum(Rollup.objects.filter(check_identity=None, outcome_id=None).values_list("answers", flat=True)) == 100
    assert sum(Evidence.objects.values_list("tries", flat=True)) == 100
    assert [result.differed for result in rebuild_rollups()] == [0, 0, 0]
