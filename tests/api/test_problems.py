"""Errors of the API are problem details (RFC 9457), whatever went wrong."""

import pytest
from django.db import connection
from rest_framework.exceptions import Throttled
from rest_framework.test import APIClient

from people.rest.problems import Conflict, problem_response
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def api(role: str | None = None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if role:
        client.force_login(PersonFactory(role=role))
    return client


def check(response, status: int, kind: str) -> dict:
    body = response.json()
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/problem+json")
    assert body["type"] == f"urn:learningops:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    return body


def test_400_names_the_place():
    body = check(api("operator").post("/api/v1/people/", {"email": "nope"}), 400, "invalid")
    assert {error["pointer"] for error in body["errors"]} == {"/username", "/email"}
    assert "This field is required." in body["detail"]


def test_400_for_what_is_not_json():
    answer = api("operator").post("/api/v1/people/", b'{"username": ', content_type="application/json")
    assert "JSON parse error" in check(answer, 400, "parse-error")["detail"]


def test_401_says_how_to_sign_in():
    answer = api().get("/api/v1/me/")
    check(answer, 401, "not-authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Bearer lo_nobody")
    assert "unknown, revoked" in check(client.get("/api/v1/me/"), 401, "authentication-failed")["detail"]


def test_403_names_what_is_missing():
    body = check(api("learner").post("/api/v1/people/", {"username": "x"}), 403, "permission-denied")
    assert "manage people" in body["detail"]


def test_404_of_a_row_and_of_an_address():
    assert api("learner").get("/api/v1/people/nobody/").json()["detail"]
    check(api("learner").get("/api/v1/people/nobody/"), 404, "not-found")
    check(api("learner").get("/api/v1/nothing-here/"), 404, "not-found")


def test_405_and_415():
    check(api("learner").delete("/api/v1/me/"), 405, "method-not-allowed")
    answer = api("operator").post("/api/v1/people/", b"<a/>", content_type="application/xml")
    check(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(Conflict("Moved on."), 409, "conflict"), (Throttled(wait=3), 429, "throttled")],
)
def test_409_and_429(error, status, kind):
    response = problem_response(error, {})
    assert response is not None
    assert (response.status_code, response.data["type"]) == (status, f"urn:learningops:problem:{kind}")
    assert response.content_type == "application/problem+json"


def test_500_has_the_request_id_and_no_inside():
    client = api("operator")
    with connection.cursor() as cursor:  # a table that went away under a running site
        cursor.execute("ALTER TABLE people_attributedefinition RENAME TO somewhere_else")
    answer = client.get("/api/v1/attributes/", headers={"X-Request-Id": "abcdef123456"})
    body = check(answer, 500, "error")
    assert body["instance"] == "urn:learningops:request:abcdef123456"
    assert "somewhere_else" not in answer.content.decode()
    assert "attributedefinition" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/people/?search=a%00b", "/api/v1/people/a%00b/"])
def test_a_zero_character_is_a_bad_request(path):
    check(api("operator").get(path), 400, "bad-request")


def test_a_zero_character_in_a_form_is_a_bad_request(client):
    answer = client.post("/appearance/", {"theme": "dark\0"})
    assert answer.status_code == 400
    assert "text/html" in answer["Content-Type"]
