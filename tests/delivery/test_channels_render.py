"""Announcement → payload of each kind; signatures and secrets. Pure, but for the templates."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from standardwebhooks import Webhook

from delivery.channels import KINDS, email, slack, webhook
from delivery.channels.email.render import render as render_email
from delivery.channels.email.send import build
from delivery.channels.message import Announcement, News, Secret
from delivery.channels.secrets import seal, unseal
from delivery.channels.slack.render import clip_escaped
from delivery.channels.slack.render import render as render_slack
from delivery.channels.webhook.render import render as render_webhook

NEWS = Announcement(
    delivery_id=17,
    lane_id=5,
    epoch=3,
    sent_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    news=News.UPDATED,
    asset_key="refunds/partial",
    kind="guide",
    kind_label="Guide",
    url="https://learn.example/a/refunds/partial/?from=email",
    title="Issue a partial refund",
    summary="Up to £200 alone.",
    version=2,
    shown_version=1,
    minutes=3,
    note="The limit is £200 now.",
    keeper="Ada Moss",
    organisation="Harrow Lane Support",
    recipient="Bo",
    unsubscribe_url="https://learn.example/unsubscribe/x/",
)


def same(text: str) -> str:
    return text


def test_an_email_says_what_changed_and_how_to_get_no_more() -> None:
    message = build(NEWS, "bo@example.com").message()
    assert message["Subject"] == "Updated: Issue a partial refund (v2)"
    assert message["Message-ID"] == "<delivery-17.3@learn.example>"
    assert message["List-Unsubscribe"] == "<https://learn.example/unsubscribe/x/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = message.get_payload()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, html):
        text = part.get_payload(decode=True).decode()
        assert "Hello Bo," in text
        assert "The limit is £200 now." in text
        assert "https://learn.example/a/refunds/partial/?from=email" in text
        assert "https://learn.example/unsubscribe/x/" in text


def test_a_title_with_line_breaks_cannot_add_a_header() -> None:
    letter = render_email(replace(NEWS, title="Hello\r\nBcc: everyone@example.com"), same)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert len(render_email(replace(NEWS, title="x" * 300), same).subject) <= 180


def test_the_html_of_an_email_escapes_and_the_text_does_not() -> None:
    plain, html = build(replace(NEWS, note="a < b & c"), "bo@example.com").message().get_payload()
    assert "a < b & c" in plain.get_payload(decode=True).decode()
    assert "a &lt; b &amp; c" in html.get_payload(decode=True).decode()


@pytest.mark.parametrize("news", list(News))
def test_a_slack_message_prints_its_version_and_names_its_lane(news: News) -> None:
    payload = render_slack(replace(NEWS, news=news, version=0 if news is News.WITHDRAWN else 2), same)
    assert payload["metadata"]["event_payload"] == {"lane": 5, "epoch": 3}
    words = json.dumps(payload["blocks"])
    assert ("v2" in words) is (news is not News.WITHDRAWN)
    assert ("Read it" in words) is (news is not News.WITHDRAWN)
    assert payload["text"].startswith("Issue a partial refund: ")


@given(st.text(alphabet=st.sampled_from("&<>aé\n "), max_size=400), st.integers(1, 120))
def test_slack_texts_stay_within_their_limits_and_no_escape_is_cut(text: str, limit: int) -> None:
    clipped = clip_escaped(text, limit)
    assert len(clipped) <= limit
    rest = clipped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set(rest) & set("&<>")


def test_slack_blocks_keep_their_limits_with_the_longest_content() -> None:
    long = replace(NEWS, title="t" * 300, summary="<" * 9000, note="&" * 3000, keeper="k" * 5000)
    for block in render_slack(long, same)["blocks"]:
        text = block.get("text", {}).get("text", "")
        assert len(text) <= (150 if block["type"] == "header" else 3000)


def test_the_signature_is_that_of_the_standards_vector() -> None:
    signature = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_body_of_a_webhook() -> None:
    body = json.loads(render_webhook(NEWS))
    assert body["type"] == "version.live"
    assert body["timestamp"] == "2026-11-24T09:30:00Z"
    assert body["data"] | {"version": 2, "previous_version": 1, "epoch": 3, "asset": "refunds/partial"} == body["data"]
    gone = json.loads(render_webhook(replace(NEWS, news=News.WITHDRAWN, version=0)))
    assert (gone["type"], gone["data"]["version"]) == ("version.withdrawn", None)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (email.check_address, "nobody"),
        (slack.check_address, "#general"),
        (slack.check_secret, "xoxp-123456789"),
        (webhook.check_address, "http://example.com/hook"),
        (webhook.check_address, "https://me:pw@example.com/hook"),
        (webhook.check_secret, "whsec_c2hvcnQ="),
        (webhook.check_secret, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        (email.check_secret, "anything"),
    ],
)
def test_a_wrong_address_or_secret_is_refused_in_words(check: object, value: str) -> None:
    with pytest.raises(ValidationError):
        check(value)  # type: ignore[operator]


def test_a_right_one_is_cleaned() -> None:
    assert email.check_address(" bo@example.com ") == "bo@example.com"
    assert slack.check_address("C024BE91L") == "C024BE91L"
    assert slack.check_secret("xoxb-1234567890-abc") == "xoxb-1234567890-abc"
    assert webhook.check_address("https://example.com/hook") == "https://example.com/hook"
    assert webhook.check_secret(webhook.new_secret())


def test_a_secret_is_sealed_and_never_printed(settings: Settings) -> None:
    sealed = seal("xoxb-1234567890-abc")
    assert b"xoxb" not in sealed
    secret = unseal(sealed)
    assert secret == "xoxb-1234567890-abc"
    assert "xoxb" not in repr(secret)
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-anything"
    assert unseal(sealed) == ""
    settings.SECRET_KEY_FALLBACKS = ["a-key-for-tests-that-protects-nothing-at-all"]
    assert unseal(sealed) == secret
    assert isinstance(secret, Secret)


def test_every_kind_of_channel_is_registered() -> None:
    assert set(KINDS) == {"email", "slack", "webhook"}
