"""The whole loop in the pages, against the running stack: web, live, worker, relay, a mail server and a Slack."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from assets.models import Asset, Suggestion, Version
from delivery.actions.channels import add_channel
from delivery.actions.releases import ship_release
from delivery.actions.targets import add_target, sync_personal_targets
from delivery.models import Release
from people.models import User
from tests.browser.people import page_of
from tests.harness.fake_slack import TOKEN, FakeSlack
from tests.harness.stack import Stack
from tests.harness.waiting import wait_until

KEY = "refunds/missing-parcel"
CHANNEL = "C0000000042"
PATIENCE = 60  # seconds; bounded and generous, latency is the bench's to measure
expect.set_options(timeout=PATIENCE * 1000)
FILE = """---
key: refunds/missing-parcel
title: Refund a parcel that never came
kind: guide
summary: Ask once, look twice, then give the money back.
collection: refunds
outcomes: [refunds.issue-partial]
---
Wait three days after the promised date, because most late parcels come by then.

## What you do

1. Look at the last scan in the parcel panel.
2. Ask the customer to look with the neighbours.
3. Refund the lines that are missing.

::: check single days-to-wait
How many days do you wait after the promised date?
- [ ] None — Most late parcels come within days; you would pay twice.
- [x] Three — Right.
- [ ] Ten — The customer needs an answer sooner.
:::

## Afterwards

Tell the customer the day on which the money arrives.
"""

Opener = Callable[[str], Page]


@pytest.fixture
def as_person(browser: Browser, demo_database: None, live_stack: Stack) -> Iterator[Opener]:
    """`as_person("author")`: a page of that person."""
    pages: list[Page] = []

    def open_page(username: str) -> Page:
        pages.append(page_of(browser, live_stack.url, username))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


@pytest.fixture
def slack(live_stack: Stack) -> FakeSlack:
    return live_stack.others.slack


def test_the_whole_loop(as_person: Opener, live_stack: Stack, slack: FakeSlack, tmp_path: Path) -> None:
    asset = _imported(tmp_path)
    _channels()
    _release_first(asset, slack)

    author, learner, outsider = as_person("author"), as_person("lena.fischer"), as_person("paulo.reis")
    _edit_and_save(author, asset, "Wait three days", "Wait four days", version=2)
    _release(author, asset, version=2, channels=("Email", "Slack"), note="Four days, not three")

    wait_until(lambda: live_stack.others.smtp.to("lena.fischer@harrowlane.example"), PATIENCE, "the email")
    assert not live_stack.others.smtp.to("paulo.reis@harrowlane.example")
    _wait_for_slack(slack, version=2, edits=1)

    _reads(learner, "Wait four days", 2)
    _reads(outsider, "Wait three days", 1)
    _answers_wrong_then_right(learner)
    _suggests_an_edit(as_person("sme"))
    _accepts(author)
    _edit_and_save(author, asset, "", "", version=3)
    newest = Version.objects.get(asset=asset, number=3)
    assert "Wait four days" in newest.source, "the release in between is kept"
    assert "the day and the way the money arrives" in newest.source, "the suggestion is merged"

    _release(author, asset, version=3, channels=("Email", "Slack"), note="Name the way too")
    _wait_for_slack(slack, version=3, edits=2)
    _reads(learner, "the day and the way", 3)

    _sees_the_answers(as_person("manager"), as_person("anya.petrova"))
    _rolls_back(author, asset, version=3)
    _wait_for_slack(slack, version=2, edits=3)
    _reads(learner, "Wait four days", 2)
    _reads(outsider, "Wait three days", 1)


def _imported(folder: Path) -> Asset:
    (folder / "refunds").mkdir()
    (folder / "refunds" / "missing-parcel.md").write_text(FILE, encoding="utf-8")
    call_command("import_content", folder, form="learningops", owner="author", verbosity=0)
    return Asset.objects.get(key=KEY)


def _channels() -> None:
    mail = add_channel(actor=None, key="loop-mail", kind="email", name="Mail of the loop")
    sync_personal_targets(channel_id=mail.pk)
    slack = add_channel(actor=None, key="loop-slack", kind="slack", name="Slack of the loop", secret=TOKEN)
    add_target(
        actor=None, channel_id=slack.pk, address=CHANNEL, context={"job_role": "Support agent", "region": "EMEA"}
    )


def _release_first(asset: Asset, slack: FakeSlack) -> None:
    version = Version.objects.get(asset=asset, number=1)
    ship_release(
        actor=User.objects.get(username="author"), version_id=version.pk, rule={"all": []}, channels=("slack",)
    )
    _wait_for_slack(slack, version=1, edits=0)


def _wait_for_slack(slack: FakeSlack, *, version: int, edits: int) -> None:
    """One message, edited in place, that now says this version."""

    def says_so() -> bool:
        shown = [m for m in slack.shown(CHANNEL) if "Refund a parcel" in str(m["text"])]
        assert len(shown) <= 1, "a second message instead of an edit"
        return (
            bool(shown)
            and shown[0]["edits"] == edits
            and re.search(rf"\bv{version}\b", str(shown[0]["text"])) is not None
        )

    wait_until(says_so, PATIENCE, f"Slack to show version {version}; it shows {slack.shown(CHANNEL)}")


def _edit_and_save(author: Page, asset: Asset, old: str, new: str, *, version: int) -> None:
    author.goto(f"/admin/assets/asset/{asset.pk}/change/")
    if old:
        body = author.get_by_label("Body, in Markdown")
        body.fill(body.input_value().replace(old, new))
    author.get_by_role("button", name=f"Save as v{version}").click()
    expect(author.get_by_text(f"Saved as v{version}.")).to_be_visible()


def _release(author: Page, asset: Asset, *, version: int, channels: tuple[str, ...], note: str) -> None:
    """To support agents in EMEA."""
    author.get_by_role("button", name="Release…").click()
    author.wait_for_url("**/releases/new/**")
    rows = author.get_by_role("group", name=re.compile(r"^Row \d"))
    for number, (attribute, value) in enumerate((("Job role", "Support agent"), ("Region", "EMEA"))):
        row = rows.nth(number)
        row.get_by_label("Attribute").select_option(label=attribute)
        row.get_by_label("Value").fill(value)
    for channel in channels:
        author.get_by_label(channel, exact=True).check()
    author.get_by_label("What changes for people").fill(note)
    author.get_by_role("button", name="See whom it reaches").click()
    author.get_by_role("button", name=f"Release v{version}", exact=True).click()
    author.wait_for_url(re.compile(r"/releases/\d+/$"))


def _reads(page: Page, text: str, version: int) -> None:
    page.goto(f"/a/{KEY}/")
    expect(page.get_by_role("main")).to_contain_text(text)
    expect(page.locator(".read-head .v").first).to_have_text(re.compile(rf"v?\s*{version}$"))


def _answers_wrong_then_right(learner: Page) -> None:
    _answers_wrong(learner)
    check = learner.locator("#check-days-to-wait")
    check.get_by_label("Three").check()
    check.get_by_role("button", name="Try again").click()
    expect(check.get_by_role("status")).to_have_text(re.compile("Right"))


def _answers_wrong(learner: Page) -> None:
    check = learner.locator("#check-days-to-wait")
    check.get_by_label("Ten").check()
    check.get_by_role("button", name="Check my answer").click()
    expect(check).to_contain_text("Not this one")
    expect(check).to_contain_text("needs an answer sooner")
    assert "you would pay twice" not in learner.content(), "feedback of a choice that was not made"


def _suggests_an_edit(sme: Page) -> None:
    """The expert is outside the audience, so the base is version 1 while the author is at version 2."""
    sme.goto(f"/a/{KEY}/")
    sme.get_by_role("link", name="Suggest an edit").click()
    sme.get_by_label("What changes").fill("Name the way the money goes as well")
    text = sme.get_by_label("The text")
    text.fill(text.input_value().replace("the day on which the money arrives", "the day and the way the money arrives"))
    sme.get_by_role("button", name="Send the suggestion").click()
    wait_until(lambda: Suggestion.objects.filter(asset__key=KEY).exists(), PATIENCE, "the suggestion")


def _accepts(author: Page) -> None:
    suggestion = Suggestion.objects.get(asset__key=KEY)
    author.goto(f"/review/{suggestion.pk}/")
    author.get_by_role("button", name="Accept into the draft").click()
    wait_until(lambda: Suggestion.objects.get(pk=suggestion.pk).state == "accepted", PATIENCE, "the merge")


def _sees_the_answers(manager: Page, another: Page) -> None:
    """The manager sees the first answer, and the next one without loading the page again."""
    manager.goto("/outcomes/refunds.issue-partial/")
    row = manager.locator("#checks-list li").filter(has_text="How many days do you wait after the promised date?")
    expect(row).to_contain_text("right of 1")
    expect(row).to_contain_text("0%")  # the first try was wrong
    manager.evaluate("window.sameDocument = true")
    another.goto(f"/a/{KEY}/")
    _answers_wrong(another)
    expect(row).to_contain_text("right of 2")
    assert manager.evaluate("window.sameDocument"), "the page was loaded again"


def _rolls_back(author: Page, asset: Asset, *, version: int) -> None:
    release = Release.objects.get(asset=asset, version__number=version)
    author.goto(f"/releases/{release.pk}/roll-back/")
    author.get_by_label("Why").fill("The way is not known on the first day")
    author.get_by_role("button", name="Roll back to v2").click()
    wait_until(lambda: Release.objects.get(pk=release.pk).state == "rolled_back", PATIENCE, "the roll-back")
