"""The relay: what is due is published once, by ids, and nothing depends on the queue for truth."""

import json
import threading

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection, connections
from pytest_django import Settings

from delivery.actions.outbox import QueueAwayError, publish_due
from delivery.models import Delivery, FanOut
from learningops.celery import app
from tests.delivery.conftest import Channels
from tests.delivery.pushed import expand_all, history, make_pushed, make_target
from tests.factories import PersonFactory, small_house
from tests.harness.processes import Process
from tests.harness.stack import Stack
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def queued() -> list[tuple[str, int]]:
    """The messages in the queue: task and id, oldest first. Takes them out."""
    queue = redis.Redis.from_url(django_settings.REDIS_URL)
    found = []
    while (raw := queue.rpop("celery")) is not None:
        headers = json.loads(raw)["headers"]
        found.append((headers["task"], json.loads(headers["argsrepr"].replace("(", "[").replace(",)", "]"))[0]))
    return found


@pytest.fixture(autouse=True)
def _empty_queue(django_db_setup: None, _stack: Stack) -> None:
    _stack.stop()  # a relay that an earlier file left running on this database would take part
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()


def ship_to(count: int) -> None:
    for _n in range(count):
        person = PersonFactory()
        make_target("email", person.email, person=person)
    make_pushed().ship(1)


def test_ids_are_published_once_until_their_lease_lapses() -> None:
    ship_to(3)
    fan_out = FanOut.objects.get()
    assert publish_due().fan_outs == 1
    assert queued() == [("delivery.expand", fan_out.pk)]
    assert not publish_due()
    FanOut.objects.update(leased_until="2020-01-01T00:00:00Z")
    assert publish_due().fan_outs == 1  # nobody claimed it: written again
    queued()
    expand_all()
    assert publish_due().deliveries == 3
    assert queued() == [
        ("delivery.deliver", key) for key in Delivery.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert not publish_due()


def test_two_relays_share_the_work() -> None:
    ship_to(60)
    expand_all()
    barrier = threading.Barrier(2)
    counts: list[int] = []

    def relay() -> None:
        barrier.wait()
        try:
            counts.append(publish_due().deliveries)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=relay) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) + publish_due().deliveries == 60
    ids = [key for task, key in queued() if task == "delivery.deliver"]
    assert sorted(ids) == sorted(Delivery.objects.values_list("pk", flat=True))


def test_a_queue_that_is_away_costs_nothing(settings: Settings) -> None:
    ship_to(2)
    expand_all()
    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:9/0"
    try:
        with pytest.raises(QueueAwayError):
            publish_due()
    finally:
        app.conf.broker_url = before
    assert not Delivery.objects.filter(leased_until__isnull=False).exists()
    assert publish_due().deliveries == 2


def test_shipping_wakes_the_relay_on_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN learningops_outbox")
    raw = connection.connection
    make_pushed().ship(1)
    raw.poll()
    assert [note.channel for note in raw.notifies] == ["learningops_outbox"]


def test_from_shipping_to_every_channel_with_a_real_worker_and_relay(
    channels: Channels, worker: Process, relay: Process
) -> None:
    house = small_house()
    mail = make_target("email", house.bo.email, person=house.bo)
    slack = make_target("slack", "C024BE91L")
    hook = make_target("webhook", f"{channels.webhook_sink.url}/hook")

    def shows(epoch: int, number: int) -> bool:
        relay.assert_running()
        worker.assert_running()
        return all(history(target)[-1:] == [(epoch, number, "accepted")] for target in (mail, slack, hook))

    pushed = make_pushed()
    pushed.ship(1)
    wait_until(lambda: shows(1, 1), what="version 1 everywhere")
    second = pushed.ship(2)
    wait_until(lambda: shows(2, 2), what="version 2 everywhere")
    (message,) = channels.fake_slack.shown("C024BE91L")
    assert "v2" in str(message["blocks"])
    assert len(channels.smtp_sink.to(house.bo.email)) == 2
    assert [event["data"]["version"] for event in channels.webhook_sink.at("/hook")] == [1, 2]
    pushed.roll_back(second)
    wait_until(lambda: shows(3, 1), what="the roll-back everywhere")
