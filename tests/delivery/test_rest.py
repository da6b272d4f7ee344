"""Releases, decisions and the portal over REST: the same actions as the pages."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from assets.models import Asset, Version
from tests.delivery.library import EVERYONE, REFUNDS, SECRET, guide, make_asset, save, ship
from tests.factories import PersonFactory, SmallHouse, small_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> SmallHouse:
    return small_house()


def api(person: Any) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


@pytest.fixture
def asset(house: SmallHouse) -> Asset:
    return make_asset(house.ada)


@pytest.fixture
def version(house: SmallHouse, asset: Asset) -> Version:
    return save(house.ada, asset)


def test_ship_widen_switch_and_roll_back(house: SmallHouse, version: Version) -> None:
    lead = api(house.ada)
    made = lead.post("/api/v1/releases/", {"version": version.pk, "rule": REFUNDS, "percentage_hundredths": 1000})
    assert made.status_code == 201
    path = f"/api/v1/releases/{made.data['id']}/"
    assert lead.post(f"{path}share/", {"percentage_hundredths": 10_000}).data["percentage_hundredths"] == 10_000
    assert [row["asset"] for row in api(house.bo).get("/api/v1/decisions/").data] == [version.asset_id]
    assert lead.post(f"{path}switch/", {"killed": True}).data["killed"] is True
    assert api(house.bo).get("/api/v1/decisions/").data == []
    assert lead.post(f"{path}roll-back/", {"reason": "Too early"}).data["state"] == "rolled_back"
    assert lead.get(path).data["closed_reason"] == "Too early"
    assert lead.get("/api/v1/releases/", {"state": "open"}).data["count"] == 0


def test_everyone_needs_a_lead(house: SmallHouse, version: Version) -> None:
    author = PersonFactory(role="author")
    version.asset.collection.members.create(user=author, role="author")
    refused = api(author).post("/api/v1/releases/", {"version": version.pk, "rule": EVERYONE})
    assert refused.status_code == 403
    assert "release to everyone" in refused.json()["detail"]
    assert api(author).post("/api/v1/releases/", {"version": version.pk, "rule": REFUNDS}).status_code == 201


def test_a_blocked_version_and_a_broken_rule_are_problems(house: SmallHouse, asset: Asset, version: Version) -> None:
    lead = api(house.ada)
    blocked = save(house.ada, asset, guide(asset.key).replace("- [x]", "- [ ]"))
    refused = lead.post("/api/v1/releases/", {"version": blocked.pk, "rule": EVERYONE})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    broken = lead.post("/api/v1/releases/", {"version": version.pk, "rule": {"shoe": 44}})
    assert broken.status_code == 400
    assert lead.get("/api/v1/releases/").data["count"] == 0


def test_decisions_of_others_are_for_those_who_release(house: SmallHouse, version: Version) -> None:
    ship(house.ada, version, REFUNDS)
    assert api(house.ada).get("/api/v1/decisions/", {"person": "bo"}).data[0]["version"] == 1
    assert api(house.bo).get("/api/v1/decisions/", {"person": "ada"}).status_code == 403
    assert api(house.ada).get("/api/v1/decisions/", {"person": "nobody"}).status_code == 404


def test_an_open_asset_holds_no_answer_and_an_answer_is_graded_once(house: SmallHouse, version: Version) -> None:
    ship(house.ada, version)
    learner = api(house.bo)
    opened = learner.get("/api/v1/open-assets/refunds/partial/")
    assert opened.status_code == 200
    assert SECRET not in opened.content.decode()
    choices = {choice["text"]: choice["id"] for choice in opened.json()["checks"][0]["choices"]}
    body = {"asset": "refunds/partial", "check": "limit", "response": {"choice": choices["£150"]}, "id": str(uuid4())}
    first, again = learner.post("/api/v1/answers/", body), learner.post("/api/v1/answers/", body)
    assert (first.status_code, first.data["right"]) == (201, True)
    assert again.data["statement"] == first.data["statement"]
    assert learner.get("/api/v1/open-assets/refunds/partial/").json()["checks"][0]["tries"] == 1
    other = {**body, "response": {"choice": choices["Nothing"]}}
    assert learner.post("/api/v1/answers/", other).status_code == 400


def test_closed_assets_do_not_exist(house: SmallHouse, version: Version) -> None:
    ship(house.ada, version, {"team": "sales"})
    learner = api(house.bo)
    assert learner.get("/api/v1/open-assets/refunds/partial/").status_code == 404
    answer = {"asset": "refunds/partial", "check": "limit", "response": {"choice": "x"}}
    assert learner.post("/api/v1/answers/", answer).status_code == 404
    assert learner.get("/api/v1/search/", {"q": "refund"}).data["count"] == 0


def test_today_and_search(house: SmallHouse, version: Version) -> None:
    ship(house.ada, version)
    learner = api(house.bo)
    assert learner.get("/api/v1/today/").data["for_you"][0]["key"] == "refunds/partial"
    assert learner.get("/api/v1/search/", {"q": "partial"}).data["results"][0]["key"] == "refunds/partial"
    assert learner.get("/api/v1/search/", {"q": "partial", "page": "none"}).status_code == 400
