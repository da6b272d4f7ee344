"""How a check behaves."""

from typing import Any

import pytest

from people.models import Team, User
from telemetry.actions.record import Event, record
from telemetry.queries.item import check_statistics, wilson
from tests.telemetry.conftest import Library, check_of


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_interval_agrees_with_published_values(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=5e-5)


def test_shares_of_a_check(library: Library, refunds: Team, django_assert_num_queries: Any) -> None:
    v1 = library.version("a", {"limit": "£50?"})
    v2 = library.version("a", {"limit": "£50?"}, change_class="editorial")
    v3 = library.version("a", {"limit": "£200?"})
    check = check_of(v1)
    people = [User.objects.create(username=f"p{n}", team=refunds) for n in range(5)]
    for n, person in enumerate(people):
        tries = [("wrong1", False)] * n + [("right", True)]  # p0 right at once, p1 on the second, …
        record(
            [
                Event(
                    verb="answered",
                    person_id=person.pk,
                    version_id=(v1 if n % 2 else v2).pk,
                    check_id=check.pk,
                    right=right,
                    response={"choice": choice},
                )
                for choice, right in (tries if n < 4 else tries[:-1])
            ]
        )
    with django_assert_num_queries(2):
        found = check_statistics(v2.pk, [check.pk])[check.pk]
    assert (found.people, found.first.right, found.first.n) == (5, 1, 5)
    assert (found.every.right, found.every.n) == (4, 14)
    assert (found.in_the_end.right, found.median_tries) == (4, 2.5)
    assert [(o.choice, o.n, o.share) for o in found.options] == [("wrong1", 4, 0.8), ("right", 1, 0.2)]
    assert check_statistics(v3.pk, [check.pk]) == {}, "another question, no answers yet"


def test_several_choices_are_counted_each(library: Library, alice: User) -> None:
    version = library.version("a", {"limit": "?"})
    record(
        [
            Event(
                verb="answered",
                person_id=alice.pk,
                version_id=version.pk,
                check_id=check_of(version).pk,
                right=False,
                response={"choices": ["one", "two"]},
            )
        ]
    )
    found = check_statistics(version.pk, [check_of(version).pk])[check_of(version).pk]
    assert [(o.choice, o.share) for o in found.options] == [("one", 1.0), ("two", 1.0)]
