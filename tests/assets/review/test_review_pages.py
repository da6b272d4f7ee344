"""The review pages over HTTP: who gets in, what they show, what their buttons do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assets.actions.drafts import save_draft
from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestions import make_suggestion
from assets.models import Draft, ReviewFlag, Suggestion
from assets.queries.review import answered_for, open_count, review_queue
from people.models import User
from tests.assets.factories import make_version
from tests.assets.review.conftest import Desk

LEAD = "The lead on shift approves in the same panel."


def client(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def suggest(desk: Desk, new: str = "Ask the lead on shift.", *, by: User | None = None) -> Suggestion:
    source = desk.version.source.replace(LEAD, new)
    return make_suggestion(
        actor=by or desk.sam, base=desk.version, title="Say who", source=source, reason="People ask me."
    )


def test_who_gets_into_the_queue(desk: Desk) -> None:
    made = suggest(desk)
    assert client(desk.ada).get("/review/").status_code == 200
    assert client(desk.sam).get("/review/").status_code == 200
    assert client(desk.bo).get("/review/").status_code == 403
    assert Client().get("/review/").status_code == 302
    assert client(desk.bo).get(f"/review/{made.pk}/").status_code == 403
    assert client(desk.sam).get(f"/review/{made.pk}/").status_code == 200
    assert client(desk.ada).get("/review/987654/").status_code == 404
    assert client(desk.sam).get(f"/review/flags/{desk.asset.pk}/").status_code == 403


def test_an_sme_sees_in_the_queue_only_what_is_routed_to_them(desk: Desk) -> None:
    suggest(desk, by=desk.lea)
    assert "Say who" not in client(desk.sam).get("/review/").content.decode()
    assert open_count(desk.sam) == 0
    Suggestion.objects.update(reviewer=desk.sam)
    assert "Say who" in client(desk.sam).get("/review/").content.decode()
    assert open_count(desk.sam) == 1


def test_the_queue_has_bands_and_counts(desk: Desk) -> None:
    late, soon, later = suggest(desk, "One."), suggest(desk, "Two."), suggest(desk, "Three.")
    today = timezone.localdate()
    for made, due in ((late, today - timedelta(days=2)), (soon, today), (later, today + timedelta(days=20))):
        Suggestion.objects.filter(pk=made.pk).update(due=due)
    raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="wrong")
    raise_review_flag(actor=desk.sam, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="wrong")
    found = review_queue(desk.ada)
    assert [str(band.name) for band in found.bands] == ["Overdue", "Due this week", "Later"]
    assert (found.open, found.mine, open_count(desk.ada)) == (4, 4, 4)
    page = client(desk.ada).get("/review/").content.decode()
    assert "2 review flags, <b>wrong</b>" in page
    assert "Overdue" in page


@pytest.mark.parametrize("path", ["/review/", "/review/?show=mine", "/review/?show=answered", "one"])
def test_the_number_of_queries_does_not_grow(
    desk: Desk, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = client(desk.ada)

    def fill(count: int) -> None:
        for n in range(count):
            suggest(desk, f"Line {n} of {count}.")
            other = make_version(f"refunds/more-{count}-{n}")
            raise_review_flag(actor=desk.bo, asset_id=other.asset_id, version_id=other.pk, kind="wrong")
            raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="broken")
            done = suggest(desk, f"Done {n} of {count}.")
            Suggestion.objects.filter(pk=done.pk).update(
                state="accepted", decided_at=timezone.now(), decided_by=desk.ada
            )

    fill(3)
    where = f"/review/{Suggestion.objects.filter(state='open')[0].pk}/" if path == "one" else path
    browser.get(where)
    few = _queries(browser, where)
    fill(27)
    assert _queries(browser, where) == few


def _queries(browser: Client, path: str) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert browser.get(path).status_code == 200
    return len(found)


def test_a_reviewer_sees_the_diff_the_gates_and_the_conversation(desk: Desk) -> None:
    made = suggest(desk)
    page = client(desk.ada).get(f"/review/{made.pk}/").content.decode()
    assert "<ins>" in page
    assert "People ask me." in page
    assert "Gates on the result" in page
    assert "Accept into the draft" in page
    assert "Show 1 unchanged" in page


def test_the_suggester_sees_no_answer_of_a_check(desk: Desk) -> None:
    """Invariant 12: neither in the diff, nor in the source, nor in the form to change it."""
    made = suggest(desk, "Ask.\n\n::: check single new-one\nNew?\n- [x] Yes — Of course.\n- [ ] No\n:::")
    for path in (f"/review/{made.pk}/", f"/review/{made.pk}/change/"):
        page = client(desk.sam).get(path).content.decode()
        assert "What is the highest" in page
        for secret in ("that was the limit", "a lead must approve", "Right.", "[x] £200"):
            assert secret not in page
    reviewer = client(desk.ada).get(f"/review/{made.pk}/").content.decode()
    assert "that was the limit" in reviewer


def test_accept_with_a_conflict_asks_and_takes_the_choice(desk: Desk) -> None:
    made = suggest(desk)
    save_draft(
        actor=desk.ada, asset_id=desk.asset.pk, edit=1, source=desk.version.source.replace(LEAD, "Phone your lead.")
    )
    browser = client(desk.ada)
    page = browser.get(f"/review/{made.pk}/").content.decode()
    assert "One conflict" in page
    refused = browser.post(f"/review/{made.pk}/", {"do": "accept", "say": "Thanks"})
    assert refused.status_code == 422
    assert "Choose what stays" in refused.content.decode()
    assert ">Thanks</textarea>" in refused.content.decode()
    (name,) = set(re.findall(r'name="(conflict-[^"]+)"', page))
    key = name.removeprefix("conflict-")
    answer = {"do": "accept", name: "own", f"own-{key}": "Phone or message your lead."}
    assert browser.post(f"/review/{made.pk}/", answer).status_code == 302
    assert "Phone or message your lead." in Draft.objects.get(pk=desk.asset.pk).source
    assert "It is in the draft" in client(desk.sam).get(f"/review/{made.pk}/").content.decode()


def test_nobody_answers_their_own_way_around_the_policy(desk: Desk) -> None:
    made = suggest(desk)
    for act in ("accept", "ask", "decline"):
        answer = client(desk.sam).post(f"/review/{made.pk}/", {"do": act, "say": "Yes", "why": "long"})
        assert answer.status_code == 403
    assert client(desk.ada).post(f"/review/{made.pk}/", {"do": "withdraw"}).status_code == 403
    assert client(desk.ada).get(f"/review/{made.pk}/change/").status_code == 403
    assert client(desk.ada).post(f"/review/{made.pk}/", {"do": "dance"}).status_code == 422
    made.refresh_from_db()
    assert made.state == "open"


def test_ask_change_comment_decline_over_http(desk: Desk) -> None:
    made = suggest(desk)
    ada, sam, path = client(desk.ada), client(desk.sam), f"/review/{made.pk}/"
    assert ada.post(path, {"do": "ask", "say": ""}).status_code == 422
    assert ada.post(path, {"do": "ask", "say": "Name the channel."}).status_code == 302
    assert [one.pk for one in answered_for(desk.sam, since=timezone.now() - timedelta(days=1))] == [made.pk]
    form = sam.get(f"{path}change/")
    assert "Name the channel." in form.content.decode()
    text = form.context["form"].initial["text"].replace("Ask the lead on shift.", "Ask in the lead desk.")
    preview = sam.post(f"{path}change/", {"title": "", "text": text, "preview": "1"})
    assert "Ask in the lead desk." in preview.content.decode()
    changed = {"title": "Say where", "reason": "", "text": text.replace("\n", "\r\n"), "redacted": "True"}
    assert sam.post(f"{path}change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.title) == ("open", "Say where")
    assert made.source == desk.version.source.replace(LEAD, "Ask in the lead desk.")
    assert sam.post(path, {"do": "comment", "comment": "Better?", "line": "12"}).status_code == 302
    assert "on line 12" in ada.get(path).content.decode()
    assert ada.post(path, {"do": "decline", "why": "other", "say": ""}).status_code == 422
    assert ada.post(path, {"do": "decline", "why": "long", "say": "Sorry."}).status_code == 302
    made.refresh_from_db()
    assert made.answer == "Too long for this asset. Sorry."
    assert "Too long for this asset." in sam.get("/review/yours/").content.decode()
    assert sam.get(f"{path}change/").status_code == 302


def test_review_flags_are_closed_with_an_answer(desk: Desk) -> None:
    one = raise_review_flag(
        actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="wrong", text="<b>Step 2</b>"
    )
    ada, path = client(desk.ada), f"/review/flags/{desk.asset.pk}/"
    page = ada.get(path).content.decode()
    assert "&lt;b&gt;Step 2" in page
    assert ada.post(path, {"flag": one.pk, "answer": ""}).status_code == 422
    assert ada.post(path, {"flag": one.pk, "answer": "Mended."}).status_code == 302
    assert ReviewFlag.objects.get().answer == "Mended."
    assert "Nothing is flagged here" in ada.get(path).content.decode()
    assert "Wrong" in ada.get("/review/?show=answered").content.decode()


def test_the_navigation_counts_what_waits(desk: Desk) -> None:
    suggest(desk)
    page = client(desk.ada).get("/review/yours/").content.decode()
    assert re.search(r"Review <span class=\"count\">1", page)


def test_the_preview_shows_what_was_sent_and_is_clean(desk: Desk) -> None:
    answer = client(desk.bo).post("/review/preview/", {"text": "**Hi** <script>alert(1)</script>"})
    assert "<strong>Hi</strong>" in answer.content.decode()
    assert "<script" not in answer.content.decode()
