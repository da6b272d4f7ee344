"""Audiences and flags over REST, and their read-only pages in the admin."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from flags.actions.audiences import create_audience
from flags.actions.flags import create_flag, kill_flag
from flags.engine import EVERYONE
from flags.models import Audience, Flag
from people.capabilities import Capability
from people.models import AuditEntry, GroupCapability, Team, User

pytestmark = pytest.mark.django_db


def person(username: str, *capabilities: Capability) -> User:
    user = User.objects.create(username=username, first_name=username.title())
    group = Group.objects.create(name=f"of {username}")
    GroupCapability.objects.bulk_create(GroupCapability(group=group, capability=one) for one in capabilities)
    user.groups.add(group)
    return user


def client(user: User) -> APIClient:
    api = APIClient()
    api.force_login(user)
    return api


@pytest.fixture
def lead() -> User:
    return person("lena", Capability.EDIT, Capability.RELEASE, Capability.EDIT_AUDIENCES)


@pytest.fixture
def author() -> User:
    return person("artur", Capability.EDIT, Capability.RELEASE)


@pytest.fixture
def learner() -> User:
    return person("lila")


def test_a_lead_makes_and_changes_an_audience(lead: User) -> None:
    Team.objects.create(key="refunds", name="Refunds")
    body = {"key": "refunds", "name": "Refunds", "rule": {"team": "refunds"}, "shared": True}
    made = client(lead).post("/api/v1/audiences/", body, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["sentence"] == "People on Refunds"
    assert made.json()["rule"] == {"attribute": "team", "op": "is", "value": "refunds"}
    where = f"/api/v1/audiences/{made.json()['id']}/"
    changed = client(lead).patch(where, {"rule": {"all": []}}, format="json")
    assert changed.status_code == 200
    assert changed.json()["sentence"] == "Everyone"
    assert client(lead).get(where).json()["name"] == "Refunds"
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == ["audience.created", "audience.updated"]
    assert AuditEntry.objects.filter(actor=lead).count() == 2


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({"rule": {"all": []}}, "/name", "required"),
        ({"name": "x"}, "/rule", "required"),
        ({"name": "x", "rule": {"all": [{"regoin": "EMEA"}]}}, "/rule", "rule.all[0].regoin: “regoin” is not a part"),
        ({"name": "x", "rule": {"team": "nowhere"}}, "/rule", "no team with the key “nowhere”"),
        ({"name": "x", "rule": {"all": []}, "shared": True}, "/key", "needs a key"),
        ({"name": "x", "rule": {"all": []}, "key": "taken"}, "/key", "already exists"),
        ({"name": "x", "rule": {"all": []}, "key": "no spaces"}, "/key", "valid"),
    ],
)
def test_what_cannot_be_made_is_a_problem_with_its_place(
    lead: User, body: dict[str, Any], pointer: str, said: str
) -> None:
    create_audience(actor=None, name="Taken", rule=EVERYONE, key="taken")
    answer = client(lead).post("/api/v1/audiences/", body, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    errors = answer.json()["errors"]
    assert [error["pointer"] for error in errors] == [pointer]
    assert said in errors[0]["detail"]
    assert Audience.objects.count() == 1


def test_nothing_to_change(lead: User) -> None:
    audience = create_audience(actor=None, name="x", rule=EVERYONE)
    assert client(lead).patch(f"/api/v1/audiences/{audience.pk}/", {}, format="json").status_code == 400


def test_a_preview_says_who_how_many_and_shows_some(lead: User, author: User) -> None:
    User.objects.bulk_create(User(username=f"u{place}", first_name=f"N{place}", region="EMEA") for place in range(6))
    body = {"rule": {"region": "EMEA"}}
    for user in (lead, author):
        seen = client(user).post("/api/v1/audiences/preview/", body, format="json")
        assert seen.status_code == 200
        assert seen.json()["sentence"] == "People in EMEA"
        assert seen.json()["count"] == {"number": 6, "exact": True, "text": "6 people"}
        assert len(seen.json()["sample"]) == 5
    few = client(lead).post("/api/v1/audiences/preview/", {"rule": {"person": ["u1", "u2"]}}, format="json").json()
    assert few["count"] == {"number": None, "exact": False, "text": "fewer than 5 people"}
    assert few["sample"] == []


def test_flags_are_there_to_look_at(lead: User) -> None:
    live = create_flag(actor=None, name="live", rule=EVERYONE, percentage_hundredths=5_000)
    kill_flag(actor=None, flag=create_flag(actor=None, name="dead", rule=EVERYONE))
    api = client(lead)
    assert api.get("/api/v1/flags/").json()["count"] == 2
    assert [flag["name"] for flag in api.get("/api/v1/flags/?killed=true").json()["results"]] == ["dead"]
    shown = api.get(f"/api/v1/flags/{live.pk}/").json()
    assert (shown["percentage_hundredths"], shown["killed"], shown["audience"]["rule"]) == (5_000, False, {"all": []})
    for method in (api.put, api.patch, api.delete):
        assert method(f"/api/v1/flags/{live.pk}/", {}, format="json").status_code == 405
    assert api.post("/api/v1/flags/", {}, format="json").status_code == 405


@pytest.mark.parametrize("path", ["/api/v1/flags/", "/api/v1/audiences/"])
def test_a_list_costs_the_same_for_3_and_for_30(
    lead: User, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api = client(lead)
    for number in (3, 27):
        for place in range(number):
            create_flag(actor=None, name=f"{number}-{place}", rule=EVERYONE)
        with django_assert_num_queries(3):  # the reader with their capabilities, count, page
            api.get(path)


def test_who_may_what(lead: User, author: User, learner: User) -> None:
    audience = create_audience(actor=None, name="x", rule=EVERYONE)
    one = f"/api/v1/audiences/{audience.pk}/"
    body = {"name": "y", "rule": {"all": []}}
    expected = {
        ("get", "/api/v1/audiences/"): (200, 200, 403, 401),
        ("get", one): (200, 200, 403, 401),
        ("get", "/api/v1/audiences/999999/"): (404, 404, 403, 401),
        ("get", "/api/v1/flags/"): (200, 200, 403, 401),
        ("post", "/api/v1/audiences/preview/"): (200, 200, 403, 401),
        ("patch", one): (200, 403, 403, 401),
        ("patch", "/api/v1/audiences/999999/"): (404, 403, 403, 401),
        ("post", "/api/v1/audiences/"): (201, 403, 403, 401),
    }
    clients = [client(lead), client(author), client(learner), APIClient()]
    for (method, path), statuses in expected.items():
        data = body if method != "get" else {}
        seen = tuple(getattr(api, method)(path, data, format="json").status_code for api in clients)
        assert seen == statuses, (method, path)


# --- admin ----------------------------------------------------------------------------------------


def test_waffles_pages_are_not_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "waffle"]


def test_the_admin_shows_and_changes_nothing(client: Client, lead: User) -> None:
    flag = create_flag(actor=None, name="release:refunds:v3", rule=EVERYONE, percentage_hundredths=2_550)
    client.force_login(lead)
    listed = client.get("/admin/flags/flag/")
    assert "25.5%" in listed.content.decode()
    page = client.get(f"/admin/flags/flag/{flag.pk}/change/")
    assert "Everyone" in page.content.decode()
    assert client.get(f"/admin/flags/audience/{flag.audience_id}/change/").status_code == 200
    assert client.get("/admin/flags/audience/").status_code == 200
    for path in ("flag/add/", f"flag/{flag.pk}/delete/", "audience/add/", f"audience/{flag.audience_id}/delete/"):
        assert client.get(f"/admin/flags/{path}").status_code == 403
    assert client.post(f"/admin/flags/flag/{flag.pk}/change/", {"everyone": "true"}).status_code == 403
    assert not Flag.objects.get().killed


@pytest.mark.parametrize("path", ["flag", "audience"])
def test_an_admin_list_costs_the_same_for_3_and_for_30(client: Client, lead: User, path: str) -> None:

    client.force_login(lead)
    counts = []
    for number in (3, 27):
        for place in range(number):
            create_flag(actor=None, name=f"{number}-{place}", rule=EVERYONE)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/admin/flags/{path}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
