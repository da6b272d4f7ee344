"""The library over REST: an asset from its first text to a version, as a script would make it."""

import pytest
from rest_framework.test import APIClient

from assets.models import Asset, Draft, Outcome, Version
from people.models import AuditEntry
from tests.assets.factories import BODY, make_asset, make_version, outcome, source_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_login(PersonFactory(role="lead", username="maren"))
    return client


def test_an_asset_is_made_written_and_saved(api: APIClient) -> None:
    outcome()
    made = api.post("/api/v1/collections/", {"key": "refunds", "name": "Refunds"})
    assert made.status_code == 201
    asset = {
        "collection": "refunds",
        "key": "refunds/partial-refund",
        "kind": "guide",
        "title": "Issue a partial refund",
    }
    answer = api.post("/api/v1/assets/", asset)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["owner"] == "maren"
    draft = api.get("/api/v1/drafts/refunds/partial-refund/").json()
    assert draft["edit"] == 1
    assert [f["code"] for f in draft["findings"]] == ["feedback-loop", "outcome-mapped"]
    text = source_of("refunds/partial-refund")
    saved = api.put("/api/v1/drafts/refunds/partial-refund/", {"source": text, "edit": 1}).json()
    assert (saved["source"], saved["edit"], saved["findings"]) == (text, 2, [])
    version = api.post("/api/v1/versions/", {"asset": "refunds/partial-refund", "message": "First"})
    assert (version.status_code, version.json()["number"]) == (201, 1)
    again = api.post("/api/v1/versions/", {"asset": "refunds/partial-refund"})
    assert (again.status_code, again.json()["id"]) == (200, version.json()["id"])
    detail = api.get(f"/api/v1/versions/{version.json()['id']}/").json()
    assert (detail["source"], detail["author"]) == (text, "maren")
    listed = api.get("/api/v1/assets/?q=partial").json()["results"]
    assert [(row["key"], row["version"], row["drafted"]) for row in listed] == [("refunds/partial-refund", 1, False)]


def test_a_stale_draft_at_the_same_place_is_a_conflict_with_both_texts(api: APIClient) -> None:
    version = make_version()
    draft = Draft.objects.get()
    path = "/api/v1/drafts/refunds/partial-refund/"
    first = draft.source.replace("The lead on shift", "Your lead")
    assert api.put(path, {"source": first, "edit": draft.edit}).status_code == 200
    second = draft.source.replace("The lead on shift", "Nobody")
    answer = api.put(path, {"source": second, "edit": draft.edit})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["edit"] == draft.edit + 1
    assert "Nobody" in problem["conflicts"][0]["ours"]
    assert "Your lead" in problem["conflicts"][0]["theirs"]
    assert Version.objects.get() == version


def test_findings_and_waivers_of_a_version(api: APIClient) -> None:
    make_asset(source=source_of("refunds/partial-refund", body="Read.\n"))
    pk = api.post("/api/v1/versions/", {"asset": "refunds/partial-refund"}).json()["id"]
    assert [f["code"] for f in api.get(f"/api/v1/versions/{pk}/findings/").json()] == ["feedback-loop"]
    refused = api.post(f"/api/v1/versions/{pk}/waivers/", {"gate": "feedback-loop", "reason": "x"})
    assert refused.status_code == 400
    waived = api.post(f"/api/v1/versions/{pk}/waivers/", {"gate": "feedback-loop", "reason": "Needed this afternoon."})
    assert waived.status_code == 201


def test_an_outcome_nobody_can_see_is_refused_with_verbs_to_try(api: APIClient) -> None:
    api.post("/api/v1/frameworks/", {"key": "desk", "name": "Desk"})
    bad = api.post("/api/v1/outcomes/", {"key": "desk.know", "framework": "desk", "statement": "Know the desk"})
    assert bad.status_code == 400
    assert "name, find, use" in bad.json()["detail"]
    good = api.post("/api/v1/outcomes/", {"key": "desk.find", "framework": "desk", "statement": "Find an order"})
    assert good.status_code == 201
    api.patch("/api/v1/outcomes/desk.find/", {"statement": "Find any order", "key": "other"})
    assert Outcome.objects.get().statement == "Find any order"
    assert Outcome.objects.get().key == "desk.find"
    loop = api.patch("/api/v1/outcomes/desk.find/", {"parent": "desk.find"})
    assert loop.status_code == 400
    assert AuditEntry.objects.filter(action="outcome.saved").count() == 2


def test_who_keeps_it_and_whether_it_is_in_use(api: APIClient) -> None:
    make_version()
    PersonFactory(username="tomasz")
    change = {"owner": "tomasz", "review_by": "2027-05-01", "retired": True}
    answer = api.patch("/api/v1/assets/refunds/partial-refund/", change).json()
    assert (answer["owner"], answer["review_by"]) == ("tomasz", "2027-05-01")
    assert Asset.objects.get().retired_at is not None
    assert api.get("/api/v1/assets/?retired=false").json()["results"] == []
    assert len(api.get("/api/v1/assets/?retired=true").json()["results"]) == 1
    api.patch("/api/v1/assets/refunds/partial-refund/", {"retired": False})
    assert Asset.objects.get().retired_at is None


def test_where_used_and_an_unknown_gate_setting(api: APIClient) -> None:
    make_version("refunds/decline")
    make_asset(source=source_of("refunds/partial-refund", body=f"[Decline](decline)\n\n{BODY}"))
    api.post("/api/v1/versions/", {"asset": "refunds/partial-refund"})
    used = api.get("/api/v1/where-used/refunds/decline/").json()
    assert [(use["key"], use["how"]) for use in used] == [("refunds/partial-refund", "link")]
    bad = api.patch("/api/v1/collections/refunds/", {"gate_settings": {"nothing": "off"}})
    assert bad.status_code == 400


def test_an_author_reads_versions_of_their_collections_only(api: APIClient) -> None:
    make_version()
    stranger = APIClient()
    stranger.force_login(PersonFactory(role="author"))
    assert stranger.get("/api/v1/versions/").json()["results"] == []
    assert stranger.get("/api/v1/drafts/refunds/partial-refund/").status_code == 403
    assert len(api.get("/api/v1/versions/").json()["results"]) == 1
