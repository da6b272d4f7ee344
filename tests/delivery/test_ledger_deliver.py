"""Sending: claim, call, settle."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from delivery.actions.deliveries import deliver
from delivery.actions.settling import MAX_ATTEMPTS
from delivery.actions.targets import change_target
from delivery.models import Attempt, Delivery, Lane, Target
from people.models import AuditEntry
from telemetry.models import Statement
from tests.delivery.conftest import Channels
from tests.delivery.pushed import (
    deliver_all,
    expand_all,
    history,
    lane_of,
    make_due,
    make_pushed,
    make_target,
    outcomes,
    ship_and_send,
)
from tests.factories import small_house
from tests.harness.trouble import How, Trouble

pytestmark = pytest.mark.django_db

LATER = Trouble(How.ANSWER, 451, "try later")
NEVER = Trouble(How.ANSWER, 550, "no such mailbox")


def test_an_email_arrives_once_and_a_newer_version_is_another_one(channels: Channels) -> None:
    bo = small_house().bo
    target = make_target("email", bo.email, person=bo)
    pushed = make_pushed()
    first = ship_and_send(pushed, 1)
    deliver(delivery_id=first.pk)  # the same message once more
    ship_and_send(pushed, 2)
    subjects = [message["Subject"] for message in channels.smtp_sink.to(bo.email)]
    assert subjects == ["New: Issue a partial refund", "Updated: Issue a partial refund (v2)"]
    assert history(target) == [(1, 1, "accepted"), (2, 2, "accepted")]
    lane = lane_of(target, pushed)
    assert (lane.shown_epoch, lane.shown_version) == (2, pushed.version(2))


def test_what_was_accepted_is_a_statement(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    before = Statement.objects.count()
    delivery = ship_and_send(make_pushed(), 1)
    made = Statement.objects.order_by("-stored")[: Statement.objects.count() - before]
    delivered = [row.raw for row in made if row.raw["verb"]["id"].endswith(":delivered")]
    assert len(delivered) == 1
    assert str(delivery.version.number if delivery.version else "") in str(delivered[0])


def test_a_roll_back_by_email_says_so_and_what_is_gone_cannot_be_taken_back(channels: Channels) -> None:
    bo = small_house().bo
    target = make_target("email", bo.email, person=bo)
    pushed = make_pushed()
    ship_and_send(pushed, 1)
    second = pushed.ship(2)
    expand_all()
    deliver_all()
    pushed.roll_back(second)
    expand_all()
    deliver_all()
    assert channels.smtp_sink.messages[-1]["Subject"] == "Back to an earlier version: Issue a partial refund (v1)"
    Target.objects.filter(pk=target.pk).get()
    bo.is_active = False
    bo.save()
    pushed.ship(3, rule={"team": "refunds"})
    expand_all()
    deliver_all()
    assert len(channels.smtp_sink.messages) == 3
    assert history(target)[-1] == (4, None, "accepted")
    assert "cannot be taken back" in Delivery.objects.latest("id").problem


def test_slack_posts_once_and_edits_the_same_message_after(channels: Channels) -> None:
    small_house()
    target = make_target("slack", "C024BE91L")
    pushed = make_pushed()
    first = pushed.ship(1)
    expand_all()
    deliver_all()
    ship_and_send(pushed, 2)
    make_due()
    deliver_all()
    (message,) = channels.fake_slack.shown("C024BE91L")
    assert message["edits"] == 1
    assert "v2, updated from v1" in str(message["blocks"])
    pushed.roll_back(Delivery.objects.latest("id").release)  # type: ignore[arg-type]
    pushed.roll_back(first)
    expand_all()
    make_due()
    deliver_all()
    (message,) = channels.fake_slack.shown("C024BE91L")
    assert "Taken back" in str(message["blocks"])
    assert history(target)[-1][1:] == (None, "accepted")


def test_a_direct_message_in_slack_follows_its_person(channels: Channels) -> None:
    bo = small_house().bo
    make_target("slack", "U0BO", person=bo)
    ship_and_send(make_pushed(), 1)
    assert len(channels.fake_slack.shown("D0BO")) == 1
    assert Lane.objects.get().external_id.startswith("D0BO:")


def test_a_webhook_is_signed_and_ordered_by_epoch(channels: Channels) -> None:
    small_house()
    make_target("webhook", f"{channels.webhook_sink.url}/hook")
    pushed = make_pushed()
    ship_and_send(pushed, 1)
    ship_and_send(pushed, 2)
    events = channels.webhook_sink.at("/hook")
    assert [(event["data"]["epoch"], event["data"]["version"]) for event in events] == [(1, 1), (2, 2)]


def test_only_the_newest_epoch_is_sent(channels: Channels) -> None:
    bo = small_house().bo
    target = make_target("email", bo.email, person=bo)
    pushed = make_pushed()
    for number in (1, 2, 3):
        pushed.ship(number)
        expand_all()
    for key in Delivery.objects.order_by("id").values_list("pk", flat=True):
        deliver(delivery_id=key)
    assert [message["Subject"] for message in channels.smtp_sink.messages] == ["New: Issue a partial refund"]
    assert [state for _epoch, _number, state in history(target)] == ["superseded", "superseded", "accepted"]


def test_a_mail_server_that_is_busy_is_asked_again_and_the_time_is_in_the_database(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    channels.smtp_sink.rcpt_script.add(LATER)
    delivery = ship_and_send(make_pushed(), 1)
    assert delivery.state == "pending"
    waits = delivery.next_attempt_at - Attempt.objects.get().finished_at  # type: ignore[operator]
    assert 4.9 < waits.total_seconds() < 7.0
    deliver(delivery_id=delivery.pk)  # too soon: nothing happens
    assert outcomes(delivery) == ["retry"]
    make_due()
    deliver_all()
    delivery.refresh_from_db()
    assert (delivery.state, outcomes(delivery)) == ("accepted", ["retry", "accepted"])


def test_a_mailbox_that_does_not_exist_fails_at_once_and_says_why(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    channels.smtp_sink.rcpt_script.add(NEVER)
    delivery = ship_and_send(make_pushed(), 1)
    assert delivery.state == "failed"
    assert "550 no such mailbox" in delivery.problem


def test_a_server_that_is_away_is_tried_for_a_bounded_time(channels: Channels, settings: Settings) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    settings.EMAIL_PORT = 9  # discard: nobody listens
    delivery = ship_and_send(make_pushed(), 1)
    for _try in range(MAX_ATTEMPTS):
        make_due()
        deliver_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts_made) == ("failed", MAX_ATTEMPTS)


def test_a_message_that_somebody_deleted_is_posted_anew(channels: Channels) -> None:
    small_house()
    make_target("slack", "C024BE91L")
    pushed = make_pushed()
    ship_and_send(pushed, 1)
    channels.fake_slack.messages["C024BE91L"].clear()
    pushed.ship(2)
    expand_all()
    make_due()
    deliver_all()
    make_due()
    deliver_all()
    (message,) = channels.fake_slack.shown("C024BE91L")
    assert "v2" in str(message["blocks"])


def test_slack_says_when_to_come_back_and_everyone_waits_so_long(channels: Channels) -> None:
    small_house()
    make_target("slack", "C024BE91L")
    channels.fake_slack.script.add(Trouble(How.ANSWER, 429, retry_after=30))
    delivery = ship_and_send(make_pushed(), 1)
    waits = delivery.next_attempt_at - Attempt.objects.get().finished_at  # type: ignore[operator]
    assert waits.total_seconds() >= 29.9
    other = make_pushed("other/asset")
    other.ship(1)
    expand_all()
    deliver_all()
    assert channels.fake_slack.methods() == []  # the second one waits too: the place was paused


def test_slack_is_called_once_a_second_and_turns_are_kept(channels: Channels) -> None:
    small_house()
    make_target("slack", "C024BE91L")
    for number in range(4):
        make_pushed(f"asset/{number}").ship(1)
    expand_all()
    deliver_all()
    deliver_all()
    assert channels.fake_slack.methods() == ["chat.postMessage"]
    waits = sorted(
        (row.next_attempt_at - row.created_at).total_seconds()  # type: ignore[operator]
        for row in Delivery.objects.filter(state="pending")
    )
    assert [round(seconds) for seconds in waits] == [1, 2, 3]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 503])
def test_a_webhook_that_is_not_taken_is_tried_again(channels: Channels, status: int) -> None:
    small_house()
    make_target("webhook", f"{channels.webhook_sink.url}/hook")
    channels.webhook_sink.script.add(Trouble(How.ANSWER, status))
    delivery = ship_and_send(make_pushed(), 1)
    assert (delivery.state, outcomes(delivery)) == ("pending", ["retry"])
    assert str(status) in delivery.problem


def test_a_receiver_that_is_gone_gets_nothing_more(channels: Channels) -> None:
    small_house()
    target = make_target("webhook", f"{channels.webhook_sink.url}/hook")
    channels.webhook_sink.script.add(Trouble(How.ANSWER, 410))
    delivery = ship_and_send(make_pushed(), 1)
    assert delivery.state == "failed"
    assert not Target.objects.get(pk=target.pk).enabled
    assert AuditEntry.objects.filter(action="target.disabled").count() == 1


def test_a_private_address_is_never_called(channels: Channels) -> None:
    small_house()
    make_target("webhook", "http://169.254.169.254/latest/")
    delivery = ship_and_send(make_pushed(), 1)
    assert delivery.state == "failed"
    assert "private network" in delivery.problem


def test_a_place_that_was_switched_off_fails_and_says_so(channels: Channels) -> None:
    small_house()
    target = make_target("slack", "C024BE91L")
    make_pushed().ship(1)
    expand_all()
    change_target(actor=None, target_id=target.pk, enabled=False)
    deliver_all()
    assert history(target) == [(1, 1, "failed")]
    assert channels.fake_slack.methods() == []


@pytest.mark.django_db(transaction=True)
def test_ten_workers_with_the_same_message_send_once(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    make_pushed().ship(1)
    expand_all()
    key = Delivery.objects.get().pk
    barrier = threading.Barrier(10)

    def work() -> None:
        barrier.wait()
        try:
            deliver(delivery_id=key)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(channels.smtp_sink.messages) == 1
    assert Attempt.objects.count() == 1


def test_queries_of_one_delivery(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    make_pushed().ship(1)
    expand_all()
    key = Delivery.objects.get().pk
    with CaptureQueriesContext(connection) as captured:
        deliver(delivery_id=key)
    statements = [query["sql"] for query in captured if "delivery_" in query["sql"]]
    assert len(statements) == 10, statements
