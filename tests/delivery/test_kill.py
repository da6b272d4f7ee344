"""SIGKILL in the middle of 200 deliveries and a start again: nothing is lost silently, nothing shows twice.

The worker, the relay, PostgreSQL, Redis and the three receivers are real and on sockets; only the receivers are ours.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from delivery.models import Attempt, Delivery
from tests.delivery.conftest import Channels
from tests.delivery.pushed import EVERYONE, make_pushed, make_target
from tests.factories import PersonFactory
from tests.harness.processes import Process, relay_command, worker_command
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

EMAILS, SLACKS, WEBHOOKS = 70, 65, 65
SLOTS = 4
THINKING = 0.08  # seconds a receiver takes: at any moment every slot has a call in flight
LEASE = "5"  # seconds, so that the test need not wait a minute to see what a dead worker had in hand


def test_killing_the_worker_in_the_middle_of_200_deliveries(
    channels: Channels, start_process: Callable[..., Process]
) -> None:
    mails = [
        make_target("email", f"p{n}@example.com", person=PersonFactory(email=f"p{n}@example.com"))
        for n in range(EMAILS)
    ]
    slacks = [make_target("slack", f"C{n:06}") for n in range(SLACKS)]
    hooks = [make_target("webhook", f"{channels.webhook_sink.url}/hook/{n}") for n in range(WEBHOOKS)]
    for server in (channels.smtp_sink, channels.fake_slack, channels.webhook_sink):
        server.delay = THINKING
    start_process("kill-relay", relay_command(), DELIVERY_LEASE=LEASE)
    worker = start_process("first-worker", worker_command(SLOTS), DELIVERY_LEASE=LEASE)
    make_pushed().ship(1, rule=EVERYONE)

    wait_until(lambda: accepted() >= 60, 60, "60 deliveries")
    worker.assert_running()
    worker.kill()
    assert Delivery.objects.filter(state="sending").exists(), "the kill came when nothing was in flight"
    start_process("second-worker", worker_command(SLOTS), DELIVERY_LEASE=LEASE)
    wait_until(
        lambda: not Delivery.objects.filter(next_attempt_at__isnull=False).exists(), 90, "everything to be settled"
    )

    assert Delivery.objects.count() == len(mails) + len(slacks) + len(hooks) == 200
    states = Counter(Delivery.objects.values_list("lane__target__channel__kind", "state"))
    assert states["slack", "accepted"] == SLACKS
    assert states["webhook", "accepted"] == WEBHOOKS
    unknown = states["email", "unknown"]
    assert states["email", "accepted"] + unknown == EMAILS
    assert unknown <= SLOTS  # at most one for each slot

    for target in slacks:
        (message,) = channels.fake_slack.shown(target.address)
        assert "v1" in str(message["blocks"])
    for target in hooks:
        (event,) = channels.webhook_sink.at(target.address.removeprefix(channels.webhook_sink.url))
        assert event["data"]["version"] == 1
    for delivery in Delivery.objects.filter(lane__target__channel__kind="email").select_related("lane__target"):
        arrived = len(channels.smtp_sink.to(delivery.lane.target.address))
        # Unknown is the truth: one that was in flight arrived or did not, and was not tried again.
        assert arrived == 1 if delivery.state == "accepted" else arrived <= 1
        assert Attempt.objects.filter(delivery=delivery).count() == 1
    assert not Attempt.objects.filter(outcome="sending").exists()


def accepted() -> int:
    return Delivery.objects.filter(state="accepted").count()
