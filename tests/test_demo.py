"""The demo loads, is complete, and leaves no page empty."""

import re
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assets.gates import blocking
from assets.models import Asset, Outcome, ReviewFlag, Suggestion, Version
from delivery.models import Channel, Release
from learningops.demo.files import editions
from learningops.demo.house import LOGINS
from learningops.demo.load import DemoRefused, load_demo
from people.models import Team, User
from telemetry.queries.outcomes import State, outcome_map
from telemetry.queries.withhold import withhold_cells
from tests.factories import PersonFactory

EVERYBODY = ("/", "/paths/", "/paths/desk/first-month-refunds/", "/search/?q=refund", "/a/refunds/partial-refund/")
PAGES = {
    "learner": (*EVERYBODY, "/a/refunds/partial-refund/suggest/", "/review/yours/"),
    "sme": (*EVERYBODY, "/review/"),
    "author": (*EVERYBODY, "/review/", "/releases/", "/admin/", "/admin/assets/asset/", "/outcomes/"),
    "manager": (*EVERYBODY, "/outcomes/", "/outcomes/refunds.issue-partial/"),
    "operator": (*EVERYBODY, "/admin/", "/admin/people/user/", "/admin/people/team/"),
}
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def test_every_edition_reads_without_a_problem() -> None:
    for key, versions in editions().items():
        assert versions, key


@pytest.mark.django_db
def test_refuses_without_the_setting() -> None:
    with pytest.raises(CommandError, match="LEARNINGOPS_DEMO=1"):
        call_command("load_demo")


@pytest.mark.django_db
def test_refuses_a_database_in_use() -> None:
    PersonFactory()
    with pytest.raises(DemoRefused, match="empty one"):
        load_demo()
    assert not Asset.objects.exists()


@pytest.mark.usefixtures("demo_database")
class TestLoaded:
    def test_a_second_time_changes_nothing(self) -> None:
        before = (User.objects.count(), Version.objects.count(), Release.objects.count())
        assert "Nothing was changed" in load_demo()
        assert before == (User.objects.count(), Version.objects.count(), Release.objects.count())

    def test_is_as_large_as_promised(self) -> None:
        assert User.objects.count() == 61
        assert Team.objects.count() == 6
        assert Asset.objects.count() == 26
        assert Asset.objects.filter(kind="pathway").count() == 3
        assert Outcome.objects.filter(is_group=False).count() == 12
        assert {kind for kind, _label in Asset.Kind.choices} == set(Asset.objects.values_list("kind", flat=True))
        types = set(Version.objects.values_list("checks__type", flat=True)) - {None}
        assert len(types) == 8

    def test_sends_nothing(self) -> None:
        assert not Channel.objects.filter(enabled=True).exists()

    def test_what_is_open_passes_its_gates(self) -> None:
        open_versions = list(Release.objects.filter(state="open").values_list("version_id", flat=True))
        assert not {key: rows for key, rows in blocking(open_versions).items() if rows}

    def test_something_waits_for_review(self) -> None:
        assert {s.state for s in Suggestion.objects.all()} == {"open", "changes_asked", "accepted", "declined"}
        assert ReviewFlag.objects.filter(closed_at=None).count() >= 5

    def test_the_outcome_map_has_every_state_and_something_withheld(self) -> None:
        teams = list(Team.objects.values_list("pk", flat=True))
        outcomes = list(Outcome.objects.filter(is_group=False).values_list("pk", flat=True))
        live = list(Release.objects.filter(state="open").values_list("version_id", flat=True))
        cells = outcome_map(outcomes, {team: [team] for team in teams}, versions=live)
        assert {cell.state for cell in cells.values()} == set(State)
        assert len(withhold_cells(cells)) < len(cells)

    @pytest.mark.parametrize("name", LOGINS)
    def test_no_page_is_empty(self, name: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=name))
        for path in PAGES[name]:
            response = client.get(path, follow=True)
            assert response.status_code == 200, path
            found = MAIN.search(response.content.decode())
            assert found, path
            assert len(TAG.sub(" ", found[0]).split()) > 8, f"{path} says next to nothing"

    def test_every_open_asset_opens_for_the_learner(self) -> None:
        client = Client()
        client.force_login(User.objects.get(username="learner"))
        opened = [key for key in _keys() if client.get(f"/a/{key}/", follow=True).status_code == 200]
        assert len(opened) >= 18


def _keys() -> Iterator[str]:
    yield from Asset.objects.values_list("key", flat=True)
