"""People, teams, groups, attributes, tokens and the trail over the API."""

import pytest
from rest_framework.test import APIClient

from people.actions.attributes import declare_attribute
from people.actions.audit import write_audit
from people.models import ApiToken, Team, User
from tests.factories import PersonFactory, default_group, small_house

pytestmark = pytest.mark.django_db


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def operator():
    return PersonFactory(username="olu", role="operator")


def test_me_says_what_one_may_do():
    house = small_house()
    me = api(house.cleo).get("/api/v1/me/").json()
    assert me["username"] == "cleo"
    assert me["manages"] == ["support"]
    assert me["capabilities"] == ["figures_by_person", "figures_by_team", "observe", "suggest"]


@pytest.mark.parametrize(
    ("who", "seen"), [("ada", {"ada"}), ("bo", {"bo"}), ("cleo", {"cleo", "bo"}), ("olu", {"ada", "bo", "cleo", "olu"})]
)
def test_everybody_reads_their_own_people_only(operator, who, seen):
    small_house()
    client = api(User.objects.get(username=who))
    assert {row["username"] for row in client.get("/api/v1/people/").json()["results"]} == seen
    for username in ("ada", "bo", "cleo", "olu"):
        expected = 200 if username in seen else 404
        assert client.get(f"/api/v1/people/{username}/").status_code == expected


def test_sensitive_attributes_and_groups_stay_with_their_person(operator):
    house = small_house()
    declare_attribute(actor=None, key="pronouns", label="Pronouns", value_type="text", sensitive=True)
    declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    house.bo.attributes = {"pronouns": "they", "desk": 4}
    house.bo.save()
    seen = api(house.cleo).get("/api/v1/people/bo/").json()
    assert seen["attributes"] == {"desk": 4}
    assert "groups" not in seen
    for client in (api(house.bo), api(operator)):
        assert client.get("/api/v1/people/bo/").json()["attributes"] == {"pronouns": "they", "desk": 4}


def test_lists_filter_search_and_keep_their_query_count(operator, django_assert_num_queries):
    house = small_house()
    client = api(operator)
    assert client.get("/api/v1/people/?team=refunds").json()["count"] == 1
    assert client.get("/api/v1/people/?search=moss").json()["results"][0]["username"] == "ada"
    assert client.get("/api/v1/people/?group=Leads&active=true").json()["count"] == 1

    def ask() -> None:
        assert client.get("/api/v1/people/?page_size=100").status_code == 200

    client.get("/api/v1/people/")  # the session is in the cache from here on
    with django_assert_num_queries(5):  # the reader with their capabilities, sensitive keys, count, page, groups
        ask()
    PersonFactory.create_batch(27, team=house.refunds, role="sme")
    with django_assert_num_queries(5):
        ask()


def test_operators_make_change_and_close_people(operator):
    house = small_house()
    client = api(operator)
    made = client.post(
        "/api/v1/people/",
        {"username": "nia", "email": "nia@example.com", "team": "refunds", "groups": ["SMEs"]},
    )
    assert made.status_code == 201, made.json()
    assert made.json()["team"] == "refunds"
    changed = client.patch("/api/v1/people/nia/", {"region": "EMEA", "groups": ["Learners"], "team": None}).json()
    assert (changed["region"], changed["groups"], changed["team"]) == ("EMEA", ["Learners"], None)
    assert client.post("/api/v1/people/nia/deactivate/").json()["is_active"] is False
    assert client.post("/api/v1/people/nia/reactivate/").json()["is_active"] is True
    refused = client.post("/api/v1/people/olu/deactivate/")
    assert refused.status_code == 400
    assert "your own account" in refused.json()["detail"]
    assert api(house.ada).post("/api/v1/people/", {"username": "x"}).status_code == 403


def test_a_wrong_person_names_the_field(operator):
    answer = api(operator).post("/api/v1/people/", {"username": "nia", "email": "nope", "team": "nowhere"})
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/email", "/team"}
    answer = api(operator).post("/api/v1/people/", {"username": "nia", "attributes": {"desk": 4}})
    assert answer.json()["errors"] == [{"pointer": "/attributes", "detail": "No attribute “desk” is declared."}]


def test_people_come_as_csv(operator):
    small_house()
    csv = b"username,email,first_name,last_name,team,job_role,region\nnia,nia@example.com,Nia,Hall,refunds,,\n"
    client = api(operator)
    tried = client.post("/api/v1/people-import/?dry_run=true", csv, content_type="text/csv")
    assert tried.status_code == 200, tried.content
    assert tried.json()["changes"][0]["what"] == "created"
    assert not User.objects.filter(username="nia").exists()
    assert client.post("/api/v1/people-import/", csv, content_type="text/csv").json()["dry_run"] is False
    wrong = client.post("/api/v1/people-import/", csv.replace(b"refunds", b"nowhere"), content_type="text/csv")
    assert wrong.status_code == 400
    assert wrong.json()["errors"] == [{"pointer": "/line/2/team", "detail": "No team has the key “nowhere”."}]


def test_teams_are_made_moved_and_deleted(operator):
    house = small_house()
    client = api(operator)
    made = client.post("/api/v1/teams/", {"key": "chat", "name": "Chat", "parent": "support", "managers": ["ada"]})
    assert made.status_code == 201, made.json()
    moved = client.patch("/api/v1/teams/chat/", {"parent": "sales", "name": "Live chat", "managers": ["cleo"]}).json()
    assert (moved["parent"], moved["name"], moved["managers"]) == ("sales", "Live chat", ["cleo"])
    cycle = client.patch("/api/v1/teams/support/", {"parent": "refunds"})
    assert cycle.status_code == 400
    assert cycle.json()["errors"][0]["pointer"] == "/parent"
    assert client.delete("/api/v1/teams/refunds/").status_code == 400  # Bo is in it
    assert client.delete("/api/v1/teams/chat/").status_code == 204
    assert not Team.objects.filter(key="chat").exists()
    assert {t["key"] for t in api(house.cleo).get("/api/v1/teams/").json()["results"]} == {"support", "refunds"}
    assert {t["key"] for t in api(house.bo).get("/api/v1/teams/").json()["results"]} == {"refunds"}


def test_attributes_and_groups(operator):
    client = api(operator)
    assert client.post("/api/v1/attributes/", {"key": "desk", "label": "Desk", "type": "number"}).status_code == 201
    assert client.patch("/api/v1/attributes/desk/", {"sensitive": True}).json()["sensitive"] is True
    assert client.delete("/api/v1/attributes/desk/").status_code == 204
    made = client.post("/api/v1/groups/", {"name": "Pilots", "capabilities": ["suggest"]})
    assert made.status_code == 201, made.json()
    path = f"/api/v1/groups/{made.json()['id']}/"
    assert client.put(path, {"name": "Pilots", "capabilities": ["review"]}).json()["capabilities"] == ["review"]
    assert client.delete(path).status_code == 204
    operators = f"/api/v1/groups/{default_group('Operators').pk}/"
    assert client.put(operators, {"name": "Operators", "capabilities": []}).status_code == 400


def test_tokens_are_shown_once_and_are_ones_own():
    house = small_house()
    client = api(house.ada)
    made = client.post("/api/v1/tokens/", {"name": "sync"})
    token, token_id = made.json()["token"], made.json()["id"]
    assert token not in client.get("/api/v1/tokens/").content.decode()
    bearer = api()
    bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert bearer.get("/api/v1/me/").json()["username"] == "ada"
    assert api(house.bo).delete(f"/api/v1/tokens/{token_id}/").status_code == 404
    assert client.delete(f"/api/v1/tokens/{token_id}/").status_code == 204
    assert bearer.get("/api/v1/me/").status_code == 401
    assert ApiToken.objects.get().last_used_at is not None


def test_the_trail_is_read_by_operators_and_filtered(operator):
    house = small_house()
    write_audit(actor=house.ada, action="release.shipped", object_type="release", object_key="4")
    write_audit(actor=None, action="team.moved", object_type="team", object_key="sales")
    assert api(house.ada).get("/api/v1/audit/").status_code == 403
    rows = api(operator).get("/api/v1/audit/?object_type=release&actor=ada").json()["results"]
    assert [(row["actor"], row["action"], row["object_key"]) for row in rows] == [("ada", "release.shipped", "4")]
    moments = "/api/v1/audit/?since=%s"
    assert api(operator).get(moments % "2020-01-01T00:00:00%2B22:47").json()["count"] == 2
    assert api(operator).get(moments % "0001-01-01T00:00:00%2B22:47").status_code == 400
