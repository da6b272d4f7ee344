"""Suggestions and review flags over REST."""

import pytest
from rest_framework.test import APIClient

from assets.actions.drafts import save_draft
from assets.models import Draft, Suggestion
from delivery.actions.releases import ship_release
from people.models import User
from tests.assets.review.conftest import Desk

LEAD = "The lead on shift approves in the same panel."


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def shipped(desk: Desk) -> Desk:
    ship_release(actor=desk.lea, version_id=desk.version.pk, rule={"all": []})
    return desk


def suggest(desk: Desk, user: User, new: str = "Ask the lead.") -> int:
    client = api(user)
    start = client.get("/api/v1/suggestions/text/", {"asset": desk.asset.key})
    assert start.status_code == 200, start.json()
    body = {"asset": desk.asset.key, "title": "Say who", "text": start.json()["text"].replace(LEAD, new)}
    made = client.post("/api/v1/suggestions/", body, format="json")
    assert made.status_code == 201, made.json()
    return int(made.json()["id"])


def test_only_what_is_open_to_one_can_be_suggested_on_or_flagged(desk: Desk) -> None:
    key = desk.asset.key
    assert api(desk.sam).get("/api/v1/suggestions/text/", {"asset": key}).status_code == 404
    body = {"asset": key, "title": "Say who", "text": "x"}
    assert api(desk.sam).post("/api/v1/suggestions/", body, format="json").status_code == 404
    flag = {"asset": key, "kind": "wrong"}
    assert api(desk.bo).post("/api/v1/review-flags/", flag, format="json").status_code == 404


def test_a_suggestion_from_text_to_merged(shipped: Desk) -> None:
    pk = suggest(shipped, shipped.sam)
    sam, ada, path = api(shipped.sam), api(shipped.ada), f"/api/v1/suggestions/{pk}/"
    assert api(shipped.bo).get(path).status_code == 403
    assert api(shipped.bo).get("/api/v1/suggestions/").json()["results"] == []
    assert [one["id"] for one in ada.get("/api/v1/suggestions/", {"pending": True}).json()["results"]] == [pk]
    for act in ("accept", "decline", "ask"):
        assert sam.post(f"{path}{act}/", {"reason": "No", "text": "No"}, format="json").status_code == 403
    assert ada.post(f"{path}comments/", {"text": "Which one?", "line": 8}, format="json").status_code == 201
    assert ada.post(f"{path}ask/", {"text": "Name them."}, format="json").json()["state"] == "changes_asked"
    text = sam.get(path).json()["text"].replace("Ask the lead.", "Ask the lead on shift.")
    changed = sam.patch(path, {"title": "Say which lead", "text": text}, format="json")
    assert changed.json()["state"] == "open"
    assert [one["text"] for one in changed.json()["comments"]] == ["Which one?", "Name them."]
    done = ada.post(f"{path}accept/", {"answer": "Thanks"}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    assert "Ask the lead on shift." in Draft.objects.get(pk=shipped.asset.pk).source
    again = ada.post(f"{path}accept/", {}, format="json")
    assert again.status_code == 400
    assert "already" in again.json()["detail"]


def test_a_conflict_is_a_409_that_lists_its_places(shipped: Desk) -> None:
    pk = suggest(shipped, shipped.sam)
    moved = shipped.version.source.replace(LEAD, "Phone your lead.")
    save_draft(actor=shipped.ada, asset_id=shipped.asset.pk, source=moved, edit=1)
    ada, path = api(shipped.ada), f"/api/v1/suggestions/{pk}/accept/"
    refused = ada.post(path, {}, format="json")
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    (place,) = refused.json()["conflicts"]
    assert "Phone your lead." in place["ours"]
    assert "Ask the lead." in place["theirs"]
    taken = ada.post(path, {"choices": {place["id"]: "theirs"}}, format="json")
    assert taken.status_code == 200
    assert "Ask the lead." in Draft.objects.get(pk=shipped.asset.pk).source


def test_no_answer_of_a_check_leaves_for_who_may_not_see_it(shipped: Desk) -> None:
    pk = suggest(shipped, shipped.sam)
    shown = api(shipped.sam).get(f"/api/v1/suggestions/{pk}/").content.decode()
    assert "highest partial refund" in shown
    assert "that was the limit" not in shown
    assert "[x]" not in shown
    assert "[x]" in api(shipped.ada).get(f"/api/v1/suggestions/{pk}/").content.decode()
    assert "[x] £200" in Suggestion.objects.get(pk=pk).source


def test_withdraw_and_decline(shipped: Desk) -> None:
    first = suggest(shipped, shipped.sam)
    assert api(shipped.ada).post(f"/api/v1/suggestions/{first}/withdraw/").status_code == 403
    assert api(shipped.sam).post(f"/api/v1/suggestions/{first}/withdraw/").json()["state"] == "withdrawn"
    second = suggest(shipped, shipped.sam)
    path = f"/api/v1/suggestions/{second}/decline/"
    assert api(shipped.ada).post(path, {"reason": ""}, format="json").status_code == 400
    assert api(shipped.ada).post(path, {"reason": "Not our policy."}, format="json").json()["state"] == "declined"


def test_a_flag_is_raised_listed_and_closed(shipped: Desk) -> None:
    bo, ada = api(shipped.bo), api(shipped.ada)
    body = {"asset": shipped.asset.key, "kind": "wrong", "text": "Step 2"}
    made = bo.post("/api/v1/review-flags/", body, format="json")
    assert made.status_code == 201
    path = f"/api/v1/review-flags/{made.json()['id']}/"
    assert bo.get(path).status_code == 200
    assert api(shipped.sam).get(path).status_code == 404
    assert len(ada.get("/api/v1/review-flags/", {"open": True}).json()["results"]) == 1
    assert bo.post(f"{path}close/", {"answer": "Mine"}, format="json").status_code == 403
    closed = ada.post(f"{path}close/", {"answer": "Mended."}, format="json")
    assert closed.json()["answer"] == "Mended."
    assert bo.get(path).json()["answer"] == "Mended."
    assert bo.post("/api/v1/review-flags/", {**body, "kind": "boring"}, format="json").status_code == 400
