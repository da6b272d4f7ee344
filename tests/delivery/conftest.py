"""Other people's servers, on sockets of our own, and channels that lead to them.

`django_db_setup` writes the addresses of the test services into the settings; it must come before `settings`, which
puts back at the end what it found at the beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from delivery.actions.channels import add_channel
from delivery.channels import webhook
from delivery.models import Channel
from tests.delivery.pushed import forget_turns
from tests.harness.fake_slack import TOKEN, FakeSlack
from tests.harness.smtp_sink import SmtpSink
from tests.harness.webhook_sink import WebhookSink


@pytest.fixture
def smtp_sink(django_db_setup: None, settings: Settings) -> Iterator[SmtpSink]:
    """A mail server; EMAIL_HOST and EMAIL_PORT lead to it."""
    sink = SmtpSink().start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    sink.stop()


@pytest.fixture
def fake_slack(django_db_setup: None, settings: Settings) -> Iterator[FakeSlack]:
    """A Slack workspace; SLACK_API_URL leads to it, and it is the only private host allowed besides the other sinks."""
    server: FakeSlack = FakeSlack().start()
    settings.SLACK_API_URL = server.api_url
    settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, f"127.0.0.1:{server.port}"]
    yield server
    server.stop()


@pytest.fixture
def webhook_sink(django_db_setup: None, settings: Settings) -> Iterator[WebhookSink]:
    """A receiver of webhooks, allowed as a private host."""
    sink: WebhookSink = WebhookSink(webhook.new_secret()).start()
    settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, f"127.0.0.1:{sink.port}"]
    yield sink
    sink.stop()


@dataclass
class Channels:
    """One channel of each kind, and what is at their other ends."""

    email: Channel
    slack: Channel
    webhook: Channel
    smtp_sink: SmtpSink
    fake_slack: FakeSlack
    webhook_sink: WebhookSink

    def variables(self) -> dict[str, str]:
        """For processes of ours: where the servers are, and a short lease so that a kill is noticed soon."""
        return {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp_sink.port),
            "SLACK_API_URL": self.fake_slack.api_url,
            "OUTBOUND_ALLOWED_HOSTS": f"127.0.0.1:{self.fake_slack.port},127.0.0.1:{self.webhook_sink.port}",
            "DELIVERY_LEASE": "5",
        }


@pytest.fixture
def channels(smtp_sink: SmtpSink, fake_slack: FakeSlack, webhook_sink: WebhookSink) -> Channels:
    """Channels of all three kinds, ready to send. Ask for `db` first."""
    forget_turns()
    return Channels(
        email=add_channel(actor=None, key="the-email", kind="email", name="Email"),
        slack=add_channel(actor=None, key="the-slack", kind="slack", name="Slack", secret=TOKEN),
        webhook=add_channel(
            actor=None, key="the-webhook", kind="webhook", name="Webhook", secret=webhook_sink.secret
        ),
        smtp_sink=smtp_sink,
        fake_slack=fake_slack,
        webhook_sink=webhook_sink,
    )
