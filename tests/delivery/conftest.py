"""Channels that lead to other people's servers (tests/conftest.py)."""

from dataclasses import dataclass

import pytest

from delivery.actions.channels import add_channel
from delivery.models import Channel
from tests.delivery.pushed import forget_turns
from tests.harness.fake_slack import TOKEN, FakeSlack
from tests.harness.smtp_sink import SmtpSink
from tests.harness.webhook_sink import WebhookSink


@dataclass
class Channels:
    """One channel of each kind, and what is at their other ends."""

    email: Channel
    slack: Channel
    webhook: Channel
    smtp_sink: SmtpSink
    fake_slack: FakeSlack
    webhook_sink: WebhookSink


@pytest.fixture
def channels(
    django_db_setup: None, smtp_sink: SmtpSink, fake_slack: FakeSlack, webhook_sink: WebhookSink, db: None
) -> Channels:
    """Channels of all three kinds, ready to send."""
    forget_turns()
    return Channels(
        email=add_channel(actor=None, key="the-email", kind="email", name="Email"),
        slack=add_channel(actor=None, key="the-slack", kind="slack", name="Slack", secret=TOKEN),
        webhook=add_channel(actor=None, key="the-webhook", kind="webhook", name="Webhook", secret=webhook_sink.secret),
        smtp_sink=smtp_sink,
        fake_slack=fake_slack,
        webhook_sink=webhook_sink,
    )
