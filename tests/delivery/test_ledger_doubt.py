"""Calls whose end is not known: what is asked, what is repeated, what is left alone."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from delivery.actions.deliveries import _claim, deliver, lapse_leases, send_again
from delivery.actions.settling import settle
from delivery.channels.message import Result, Sent
from delivery.models import Delivery
from people.models import AuditEntry
from tests.delivery.conftest import Channels
from tests.delivery.pushed import (
    Pushed,
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
from tests.factories import PersonFactory, small_house
from tests.harness.trouble import How, Trouble

pytestmark = pytest.mark.django_db


def test_an_email_whose_answer_was_lost_is_unknown_and_never_sent_again_by_itself(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    channels.smtp_sink.script.add(Trouble(How.DONE_THEN_CLOSE))
    delivery = ship_and_send(make_pushed(), 1)
    make_due()
    deliver_all()
    lapse_leases()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_attempt_at, outcomes(delivery)) == ("unknown", None, ["unknown"])
    assert len(channels.smtp_sink.messages) == 1


def test_an_operator_may_send_an_unknown_one_again(channels: Channels) -> None:
    house = small_house()
    operator = PersonFactory(role="operator")
    target = make_target("email", house.bo.email, person=house.bo)
    channels.smtp_sink.script.add(Trouble(How.CLOSE))
    delivery = ship_and_send(make_pushed(), 1)
    again = send_again(actor=operator, delivery_id=delivery.pk)
    deliver(delivery_id=again.pk)
    assert history(target) == [(1, 1, "unknown"), (2, 1, "accepted")]
    assert AuditEntry.objects.filter(action="delivery.sent_again", actor=operator).count() == 1
    with pytest.raises(ValidationError, match="Only one that failed"):
        send_again(actor=operator, delivery_id=again.pk)
    with pytest.raises(ValidationError, match="newer was decided"):
        send_again(actor=operator, delivery_id=delivery.pk)


@pytest.mark.parametrize(
    ("trouble", "posts"),
    [(Trouble(How.DONE_THEN_CLOSE), 1), (Trouble(How.CLOSE), 1), (Trouble(How.ANSWER, 500), 1)],
    ids=["done, answer lost", "not done, connection lost", "server error"],
)
def test_slack_is_asked_before_anything_is_posted_again(channels: Channels, trouble: Trouble, posts: int) -> None:
    small_house()
    target = make_target("slack", "C024BE91L")
    channels.fake_slack.script.add(trouble)
    pushed = make_pushed()
    delivery = ship_and_send(pushed, 1)
    assert delivery.state == "unknown"
    assert delivery.next_attempt_at is not None
    make_due()
    deliver_all()
    assert len(channels.fake_slack.shown("C024BE91L")) == posts
    assert "conversations.history" in channels.fake_slack.methods()
    assert history(target) == [(1, 1, "accepted")]
    assert lane_of(target, pushed).external_id.startswith("C024BE91L:")


def test_a_doubt_in_slack_is_settled_by_the_newer_version(channels: Channels) -> None:
    small_house()
    target = make_target("slack", "C024BE91L")
    pushed = make_pushed()
    channels.fake_slack.script.add(Trouble(How.DONE_THEN_CLOSE))
    ship_and_send(pushed, 1)
    pushed.ship(2)
    expand_all()
    make_due()
    deliver_all()
    (message,) = channels.fake_slack.shown("C024BE91L")
    assert "v2" in str(message["blocks"])
    assert history(target) == [(1, 1, "accepted"), (2, 2, "accepted")]


def test_a_webhook_whose_answer_was_lost_is_sent_again_under_the_same_id(channels: Channels) -> None:
    small_house()
    target = make_target("webhook", f"{channels.webhook_sink.url}/hook")
    channels.webhook_sink.script.add(Trouble(How.DONE_THEN_CLOSE))
    delivery = ship_and_send(make_pushed(), 1)
    assert delivery.state == "unknown"
    make_due()
    deliver_all()
    assert len(channels.webhook_sink.requests) == 2
    assert len({request.headers["webhook-id"] for request in channels.webhook_sink.requests}) == 1
    assert len(channels.webhook_sink.at("/hook")) == 1
    assert history(target) == [(1, 1, "accepted")]


def test_a_worker_that_lost_its_lease_cannot_settle_what_another_one_claimed(channels: Channels) -> None:
    small_house()
    target = make_target("webhook", f"{channels.webhook_sink.url}/hook")
    channels.webhook_sink.script.add(Trouble(How.CLOSE))
    delivery = ship_and_send(make_pushed(), 1)
    lost = Delivery.objects.get().lease_token
    make_due()
    deliver_all()
    assert lost is not None
    assert settle(delivery_id=delivery.pk, token=lost, sent=Sent(Result.FAILED)) is False
    assert settle(delivery_id=delivery.pk, token=uuid.uuid4(), sent=Sent(Result.FAILED)) is False
    assert history(target) == [(1, 1, "accepted")]


def test_a_worker_that_was_only_slow_knows_more_than_unknown(channels: Channels) -> None:
    bo = small_house().bo
    target = make_target("email", bo.email, person=bo)
    delivery = _killed_while_sending(make_pushed())
    token = delivery.lease_token
    assert token is not None
    assert history(target) == [(1, 1, "unknown")]
    assert settle(delivery_id=delivery.pk, token=token, sent=Sent(Result.ACCEPTED, 250)) is True
    assert history(target) == [(1, 1, "accepted")]


def _killed_while_sending(pushed: Pushed) -> Delivery:
    """What a kill leaves: a claim that was committed and never settled."""
    pushed.ship(1)
    expand_all()
    delivery = Delivery.objects.latest("id")
    assert _claim(delivery.pk, "a test") is not None
    make_due()
    assert lapse_leases() == 1
    delivery.refresh_from_db()
    return delivery


def test_what_a_kill_leaves_of_an_email_stays_unknown(channels: Channels) -> None:
    bo = small_house().bo
    make_target("email", bo.email, person=bo)
    delivery = _killed_while_sending(make_pushed())
    make_due()
    deliver_all()
    delivery.refresh_from_db()
    assert (delivery.state, outcomes(delivery)) == ("unknown", ["unknown"])
    assert channels.smtp_sink.messages == []
