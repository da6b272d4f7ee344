"""The review pages in a browser: no violation of axe-core, live preview, a conflict decided without script."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from assets.actions.drafts import save_draft
from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestions import comment_on_suggestion, make_suggestion
from assets.models import Draft, Suggestion
from people.models import User
from tests.assets.review.conftest import Desk

LEAD = "The lead on shift approves in the same panel."

Opened = Any


@pytest.fixture
def conflicted(transactional_db: None, desk: Desk) -> Suggestion:
    source = desk.version.source.replace(LEAD, "Ask the lead on shift.")
    made = make_suggestion(actor=desk.sam, base=desk.version, title="Say who", source=source, reason="People ask.")
    comment_on_suggestion(actor=desk.ada, suggestion_id=made.pk, text="Which lead?", line=8)
    moved = desk.version.source.replace(LEAD, "Phone your lead.")
    save_draft(actor=desk.ada, asset_id=desk.asset.pk, source=moved, edit=1)
    raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="wrong", text="Step 2")
    return made


@pytest.fixture
def open_as(browser: Browser, live_server: Any) -> Iterator[Any]:
    contexts = []

    def open_page(user: User, **how: Any) -> Page:
        session = Client()
        session.force_login(user)
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **how)
        contexts.append(context)
        value = session.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        context.set_default_timeout(15_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    desk: Desk, conflicted: Suggestion, open_as: Any, width: int
) -> None:
    own = ["/review/yours/", f"/review/{conflicted.pk}/", f"/review/{conflicted.pk}/change/"]
    queue = ["/review/", "/review/?show=answered", f"/review/{conflicted.pk}/", f"/review/flags/{desk.asset.pk}/"]
    for user, paths, scheme in ((desk.ada, queue, "light"), (desk.sam, own, "dark")):
        page = open_as(user, viewport={"width": width, "height": 900}, color_scheme=scheme)
        for path in paths:
            page.goto(path)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_conflict_is_decided_without_script(desk: Desk, conflicted: Suggestion, open_as: Any) -> None:
    page = open_as(desk.ada, java_script_enabled=False)
    page.goto(f"/review/{conflicted.pk}/")
    page.get_by_role("radio", name="Let me write it").check()
    page.get_by_label("What it should say").fill("Phone or message your lead.")
    page.get_by_label("To Sam Idris").fill("Both, then.")
    page.get_by_role("button", name="Accept into the draft").click()
    expect(page.get_by_text("It is in the draft")).to_be_visible()
    assert "Phone or message your lead." in Draft.objects.get(pk=desk.asset.pk).source


def test_the_preview_follows_what_is_typed(desk: Desk, conflicted: Suggestion, open_as: Any) -> None:
    page = open_as(desk.sam)
    page.goto(f"/review/{conflicted.pk}/change/")
    expect(page.get_by_role("heading", name="Preview")).to_be_hidden()
    page.get_by_label("The text").fill("Now **this**.")
    expect(page.locator("#suggest-preview strong")).to_have_text("this")
