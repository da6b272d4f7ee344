"""Figures by outcome over the API: who sees which teams, and what is withheld."""

from typing import Any

import pytest
from django.test import Client

from assets.models import Version
from people.models import Team, User
from tests.dashboards.conftest import answer, signed_in
from tests.telemetry.conftest import Library


def cells(client: Client, query: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    found = client.get(f"/api/v1/figures/outcomes/{query}")
    assert found.status_code == 200, found.content
    return {(row["outcome"], row["team"]): row for row in found.json()}


def test_a_manager_sees_their_own_teams_in_full(
    released: Version,
    alice: User,
    bob: User,
    charlie: User,
    refunds: Team,
) -> None:
    refunds.managers.add(charlie)
    answer(released, alice)
    client = signed_in(charlie, "Managers")
    found = cells(client)
    assert {team for _outcome, team in found} == {"refunds"}
    assert found["refunds.issue", "refunds"] | {"outcome": 0, "team": 0} == {
        "outcome": 0,
        "team": 0,
        "withheld": False,
        "state": "not_able_yet",
        "people": 2,
        "reached": 1,
        "answered": 1,
        "able": 1,
        "fading": 0,
    }
    assert found["refunds.decline", "refunds"]["state"] == "not_covered"
    assert client.get("/api/v1/figures/outcomes/?team=weekend").status_code == 404
    weeks = client.get("/api/v1/figures/outcomes/refunds.issue/?weeks=2").json()
    assert (len(weeks), weeks[-1]["asked"], weeks[-1]["able_rate"]) == (2, 1, 1.0)


def test_an_author_sees_every_team_and_no_small_group(
    released: Version,
    alice: User,
    bob: User,
    charlie: User,
    refunds: Team,
) -> None:
    answer(released, alice)
    client = signed_in(charlie, "Authors")
    found = cells(client)
    assert {team for _outcome, team in found} == {"refunds", "weekend"}
    withheld = found["refunds.issue", "refunds"]
    assert (withheld["withheld"], withheld["state"], withheld["able"]) == (True, None, None)
    weeks = client.get("/api/v1/figures/outcomes/refunds.issue/").json()
    assert (weeks[-1]["asked"], weeks[-1]["able_rate"], weeks[-1]["first_answers"]) == (0, None, 0)
    many = [User.objects.create(username=f"p{n}", team=refunds) for n in range(5)]
    answer(released, *many)
    shown = cells(client)["refunds.issue", "refunds"]
    assert (shown["withheld"], shown["people"], shown["able"], shown["state"]) == (False, 7, 5, "able")
    assert client.get("/api/v1/figures/outcomes/refunds.issue/").json()[-1]["asked"] == 5


def test_what_is_not_released_covers_nothing(library: Library, charlie: User, refunds: Team) -> None:
    library.version("refunds/partial", {"limit": "?"})
    refunds.managers.add(charlie)
    assert cells(signed_in(charlie, "Managers"))["refunds.issue", "refunds"]["state"] == "not_covered"


@pytest.mark.parametrize("path", ["", "refunds.issue/"])
def test_learners_see_no_figures(library: Library, alice: User, path: str) -> None:
    assert signed_in(alice, "Learners").get(f"/api/v1/figures/outcomes/{path}").status_code == 403


def test_an_unknown_outcome_and_a_wrong_number_are_named(library: Library, charlie: User) -> None:
    client = signed_in(charlie, "Authors")
    assert client.get("/api/v1/figures/outcomes/none/").status_code == 404
    assert client.get("/api/v1/figures/outcomes/refunds.issue/?weeks=500").status_code == 400


def test_the_map_costs_the_same_for_3_and_30_teams(
    released: Version,
    charlie: User,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(charlie, "Authors")
    for n in (3, 30):
        Team.objects.bulk_create(Team(key=f"t{n}-{i}", name=f"{n} {i}") for i in range(n))
        with django_assert_max_num_queries(12):
            cells(client)
