"""The pages of outcomes and teams: who sees what, what is withheld, what they cost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assets.models import Outcome, Version
from people.models import Team, User
from tests.dashboards.conftest import answer, release_to_all, signed_in
from tests.telemetry.conftest import Library

PATHS = ("/outcomes/", "/outcomes/refunds.issue/", "/outcomes/?part=live", "/outcomes/refunds.issue/?part=live")


def text_of(client: Client, path: str) -> str:
    """What is read on a page, in one line."""
    found = client.get(path)
    assert found.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.content.decode()))


def cell(client: Client, outcome: Outcome, team: Team) -> str:
    page = client.get("/outcomes/").content.decode()
    found = re.search(rf'<a class="hm (\w+)" id="c{outcome.pk}-{team.pk}".*?</a>', page, re.DOTALL)
    assert found is not None
    return f"{found[1]} " + re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])).strip()


def crowd(team: Team, size: int) -> list[User]:
    return [User.objects.create(username=f"{team.key}{n}", first_name="Quill", team=team) for n in range(size)]


def test_a_manager_sees_counts_and_names_of_their_own(
    manager: Client, released: Version, alice: User, bob: User, library: Library
) -> None:
    refunds = Team.objects.get(key="refunds")
    answer(released, alice)
    answer(released, bob, right=False)
    assert cell(manager, library.outcomes["issue"], refunds).startswith("notyet 1/2")
    assert cell(manager, library.outcomes["decline"], refunds).startswith("none no asset")
    page = text_of(manager, "/outcomes/")
    assert "Bob" in page
    assert "0 right of 1 try" in page
    assert "Alice" not in page, "she is able"
    team = text_of(manager, f"/teams/{refunds.pk}/")
    assert "Alice" in team
    assert "Able in 1 of 1" in team
    one = text_of(manager, "/outcomes/refunds.issue/")
    assert "50% right of 2" in one
    assert "What is the limit?" in one


def test_a_manager_sees_nothing_of_other_teams(manager: Client, released: Version, weekend: Team) -> None:
    others = crowd(weekend, 8)
    answer(released, *others)
    for path in PATHS:
        page = manager.get(path).content.decode()
        assert "Weekend" not in page, path
        assert not re.search(r"right of [1-9]", page), path
    assert manager.get(f"/teams/{weekend.pk}/").status_code == 403


def test_a_lead_sees_no_names_no_small_group_and_full_fives(
    lead: Client, released: Version, alice: User, weekend: Team, library: Library
) -> None:
    refunds = Team.objects.get(key="refunds")
    many = crowd(weekend, 9)
    answer(released, *many[:8])
    answer(released, alice)
    outcome = library.outcomes["issue"]
    assert cell(lead, outcome, refunds).startswith("few withheld")
    assert cell(lead, outcome, weekend).startswith("notyet 5+/9")
    for path in (*PATHS, f"/teams/{weekend.pk}/", f"/teams/{refunds.pk}/"):
        page = text_of(lead, path)
        assert "Alice" not in page, path
        assert "Quill" not in page, path
        assert "8" not in re.findall(r"\b\d+\b", page.split("13 weeks")[0].replace("80", "")), path


def test_one_more_answer_does_not_show_to_a_lead(lead: Client, released: Version, refunds: Team, weekend: Team) -> None:
    """Invariant 9: live figures move in steps of 5. Nothing of the page differs but the time."""
    many = crowd(weekend, 9)
    crowd(refunds, 6)
    answer(released, *many[:6])

    def parts() -> list[str]:
        pages = [lead.get(path).content.decode() for path in (*PATHS[2:], f"/teams/{weekend.pk}/?part=live")]
        return [re.sub(r"as of today [\d:]+", "", page) for page in pages]

    before = parts()
    for one in many[6:]:
        answer(released, one)
        assert parts() == before


def test_the_finding_is_of_the_figures_or_left_out(
    manager: Client, released: Version, refunds: Team, alice: User
) -> None:
    assert "<h1>Outcomes</h1>" in manager.get("/outcomes/").content.decode()
    answer(released, *crowd(refunds, 5), right=False)
    answer(released, alice)
    assert "<h1>1 of 6 people in Refunds can issue.</h1>" in manager.get("/outcomes/").content.decode()


def test_the_trend_is_marked_with_releases_and_is_a_table_too(
    manager: Client, released: Version, alice: User, bob: User
) -> None:
    answer(released, alice, bob)
    page = manager.get("/outcomes/refunds.issue/").content.decode()
    assert 'class="rel"' in page
    assert "Show as a table" in page
    assert "100% when v1 was released" in page


def test_nobody_to_look_at_is_said(released: Version, charlie: User) -> None:
    assert "No team reports to you" in text_of(signed_in(charlie, "Managers"), "/outcomes/")


@pytest.mark.parametrize("groups", [("Learners",), ("SMEs",), ("Operators",)])
def test_others_are_kept_out(released: Version, alice: User, refunds: Team, groups: tuple[str, ...]) -> None:
    client = signed_in(alice, *groups)
    for path in (*PATHS, f"/teams/{refunds.pk}/", "/live/outcomes/"):
        assert client.get(path).status_code == 403


def test_what_is_not_there_is_not_found(manager: Client, released: Version) -> None:
    assert manager.get("/outcomes/none/").status_code == 404
    assert manager.get("/teams/0/").status_code == 404


def test_many_teams_and_outcomes_come_in_windows(lead: Client, library: Library, released: Version) -> None:
    teams = [Team.objects.create(key=f"t{n}", name=f"Team {n:02}") for n in range(20)]
    for team in teams:
        crowd(team, 1)
    framework = library.outcomes["issue"].framework
    Outcome.objects.bulk_create(
        Outcome(key=f"o{n}", framework=framework, statement=f"Do {n:02}", position=n) for n in range(60)
    )
    first = text_of(lead, "/outcomes/")
    assert "Teams 1 to 8 of 20" in first
    assert "Team 08" not in first
    assert "Team 08" in text_of(lead, "/outcomes/?teams=2")
    assert "Do 59" not in first
    assert "Do 59" in text_of(lead, "/outcomes/?page=2")


@pytest.mark.parametrize("role", ["Leads", "Managers"])
def test_pages_cost_the_same_for_3_and_30(
    library: Library, released: Version, charlie: User, refunds: Team, role: str
) -> None:
    """Teams, people, outcomes and assets: none of them adds a query."""
    refunds.managers.add(charlie)
    client = signed_in(charlie, "Authors", role)
    answer(released, *[User.objects.create(username=f"r{n}", team=refunds) for n in range(6)])
    costs: list[list[int]] = []
    for size in (3, 30):
        framework = library.outcomes["issue"].framework
        for n in range(size):
            team = Team.objects.create(key=f"s{size}-{n}", name=f"S{size} {n}", parent=refunds)
            answer(released, *crowd(team, 1))
            Outcome.objects.create(key=f"s{size}.{n}", framework=framework, statement=f"Do {size} {n}")
            release_to_all(library.version(f"s{size}/{n}", {f"c{n}": "?"}))
        answer(released, *[User.objects.create(username=f"r{size}-{n}", team=refunds) for n in range(size)])
        costs.append(
            [cost(client, path) for path in ("/outcomes/", "/outcomes/refunds.issue/", f"/teams/{refunds.pk}/")]
        )
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 20


def cost(client: Client, path: str) -> int:
    """Queries of a page, once the snapshot of the releases is read."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
