"""Covered? Reached? Able? Still able?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from assets.models import Version
from people.models import Team, User
from telemetry.actions.record import Event, record
from telemetry.queries.help import who_needs_help
from telemetry.queries.outcomes import Cell, State, outcome_map, series
from telemetry.queries.proof import FADES_AFTER
from tests.telemetry.conftest import Library, check_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
Answer = Callable[..., None]


@pytest.fixture
def answer() -> Answer:
    def give(person: User, version: Version, key: str, *right: bool, days_ago: float = 1) -> None:
        record(
            [
                Event(
                    verb="answered",
                    person_id=person.pk,
                    version_id=version.pk,
                    check_id=check_of(version, key).pk,
                    right=r,
                    at=NOW - timedelta(days=days_ago) + timedelta(minutes=n),
                )
                for n, r in enumerate(right)
            ]
        )

    return give


class Cast(NamedTuple):
    """Three named people: Alice and Bob on Refunds, Charlie on Weekend."""

    alice: User
    bob: User
    charlie: User


@pytest.fixture
def cast(alice: User, bob: User, charlie: User) -> Cast:
    return Cast(alice, bob, charlie)


def one(library: Library, team: Team, outcome: str = "issue", **options: Any) -> Cell:
    pk = library.outcomes[outcome].pk
    return outcome_map([pk], {team.pk: [team.pk]}, now=NOW, **options)[pk, team.pk]


def test_not_covered_not_reached_not_able_yet_able_fading(
    library: Library, alice: User, bob: User, refunds: Team, answer: Answer
) -> None:
    assert one(library, refunds).state == State.NOT_COVERED
    version = library.version("a", {"limit": "?", "who": "?"})
    assert one(library, refunds).state == State.NOT_REACHED
    assert one(library, refunds, "decline").state == State.NOT_COVERED
    assert one(library, refunds, offered={refunds.pk: []}).state == State.NOT_COVERED

    record([Event(verb="experienced", person_id=alice.pk, version_id=version.pk, at=NOW)])
    cell = one(library, refunds)
    assert (cell.state, cell.people, cell.reached, cell.answered) == (State.NOT_ABLE_YET, 2, 1, 0)

    for person in (alice, bob):
        answer(person, version, "limit", False, True)
    cell = one(library, refunds)
    assert (cell.state, cell.answered, cell.able, cell.fading) == (State.ABLE, 2, 2, 0)

    answer(bob, version, "limit", False, days_ago=0.5)
    cell = one(library, refunds)
    assert (cell.state, cell.able, cell.fading) == (State.FADING, 1, 1)
    answer(bob, version, "limit", True, days_ago=0.4)
    assert one(library, refunds).state == State.ABLE


def test_evidence_fades_with_time(library: Library, alice: User, refunds: Team, answer: Answer) -> None:
    version = library.version("a", {"limit": "?"})
    answer(alice, version, "limit", True, days_ago=FADES_AFTER.days + 1)
    cell = one(library, refunds)
    assert (cell.able, cell.fading, cell.state) == (0, 1, State.FADING)


def test_four_of_five_checks_are_enough_and_three_are_not(
    library: Library, alice: User, refunds: Team, answer: Answer
) -> None:
    keys = ["a", "b", "c", "d", "e"]
    version = library.version("a", {key: key for key in keys})
    for key in keys[:3]:
        answer(alice, version, key, True)
    answer(alice, version, "d", False)
    assert one(library, refunds).able == 0, "3 of 4"
    answer(alice, version, "e", True)
    assert one(library, refunds).able == 1, "4 of 5"


def test_a_material_change_asks_again_and_an_unchanged_check_keeps_its_evidence(
    library: Library, alice: User, refunds: Team, answer: Answer
) -> None:
    v1 = library.version("a", {"limit": "£50?", "who": "?"})
    for key in ("limit", "who"):
        answer(alice, v1, key, True)
    library.version("a", {"limit": "£200?", "who": "?"})
    cell = one(library, refunds)
    assert (cell.answered, cell.able) == (1, 1), "what did not change still counts"
    library.version("a", {"limit": "£200?", "who": "whom?"})
    cell = one(library, refunds)
    assert (cell.answered, cell.able, cell.state) == (0, 0, State.NOT_REACHED)
    assert one(library, refunds, versions=[v1.pk]).able == 1, "rolled back, the evidence is back"


def test_groups_may_hold_several_teams_and_inactive_people_are_not_counted(
    library: Library, cast: Cast, refunds: Team, weekend: Team, answer: Answer
) -> None:
    alice, bob, charlie = cast
    version = library.version("a", {"limit": "?"})
    for person in (alice, bob, charlie):
        answer(person, version, "limit", True)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    pk = library.outcomes["issue"].pk
    cells = outcome_map([pk], {0: [refunds.pk, weekend.pk], 1: [weekend.pk]}, now=NOW)
    assert [(c.people, c.able) for c in (cells[pk, 0], cells[pk, 1])] == [(2, 2), (1, 1)]


def test_weeks_go_by_the_team_at_the_time(
    library: Library, cast: Cast, refunds: Team, weekend: Team, answer: Answer
) -> None:
    alice, bob, _charlie = cast
    version = library.version("a", {"limit": "?"})
    record([Event(verb="experienced", person_id=bob.pk, version_id=version.pk, at=NOW - timedelta(days=15))])
    answer(alice, version, "limit", False, days_ago=14)
    answer(alice, version, "limit", True, days_ago=7)
    User.objects.filter(pk=alice.pk).update(team=weekend)
    answer(alice, version, "limit", False, days_ago=0)
    pk = library.outcomes["issue"].pk
    ours = series(pk, [refunds.pk], weeks=4, now=NOW)
    assert [w.starts.isoformat() for w in ours] == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]
    assert [(w.answers, w.right, w.first_answers, w.asked, w.able) for w in ours] == [
        (0, 0, 0, 0, 0),
        (1, 0, 1, 1, 0),
        (1, 1, 0, 1, 1),
        (0, 0, 0, 0, 0),
    ]
    assert [w.reached for w in ours] == [0, 1, 1, 1], "bob; alice is reached with her team of now"
    theirs = series(pk, [weekend.pk], weeks=4, now=NOW)
    assert [(w.answers, w.asked, w.able, w.reached) for w in theirs] == [
        (0, 0, 0, 0),
        (0, 0, 0, 1),
        (0, 0, 0, 1),
        (1, 1, 0, 1),
    ]
    assert (ours[1].pass_rate, ours[0].pass_rate, ours[2].able_rate) == (0.0, None, 1.0)


def test_who_needs_help_names_fading_first(
    library: Library, cast: Cast, refunds: Team, weekend: Team, answer: Answer
) -> None:
    alice, bob, charlie = cast
    version = library.version("a", {"limit": "?"})
    answer(alice, version, "limit", False, False)
    answer(bob, version, "limit", True, False)
    record([Event(verb="experienced", person_id=charlie.pk, version_id=version.pk, at=NOW)])
    rows = who_needs_help([refunds.pk, weekend.pk], [library.outcomes["issue"].pk], now=NOW)
    assert [(r.person_id, r.state, r.tries, r.right_tries) for r in rows] == [
        (bob.pk, State.FADING, 2, 1),
        (alice.pk, State.NOT_ABLE_YET, 2, 0),
        (charlie.pk, State.NOT_ABLE_YET, 0, 0),
    ]
    answer(alice, version, "limit", True, days_ago=0)
    assert alice.pk not in [r.person_id for r in who_needs_help([refunds.pk], [library.outcomes["issue"].pk], now=NOW)]


def test_query_counts(library: Library, alice: User, refunds: Team, django_assert_num_queries: Any) -> None:
    version = library.version("a", {"limit": "?"})
    pks = [o.pk for o in library.outcomes.values()]
    with django_assert_num_queries(1):
        outcome_map(pks, {refunds.pk: [refunds.pk]}, versions=[version.pk])
    with django_assert_num_queries(2):
        outcome_map(pks, {refunds.pk: [refunds.pk]})
    with django_assert_num_queries(3):
        series(pks[0], [refunds.pk], weeks=52)
    with django_assert_num_queries(1):
        who_needs_help([refunds.pk], pks, versions=[version.pk])
