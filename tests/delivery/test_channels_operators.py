"""What operators do: channels, places, secrets, sending again; by page and by API."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.actions.channels import add_channel, change_channel, set_channel_secret
from delivery.actions.targets import add_target, change_target, sync_personal_targets
from delivery.channels.secrets import unseal
from delivery.models import Channel, Delivery, Lane, Target
from people.models import AuditEntry, User
from tests.delivery.pushed import expand_all, history, make_pushed, make_target
from tests.factories import PersonFactory, TeamFactory, small_house

pytestmark = pytest.mark.django_db

TOKEN = "xoxb-1234567890-abcdef"


@pytest.fixture
def operator() -> User:
    return PersonFactory(username="olu", role="operator")


@pytest.fixture
def pages(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def test_a_channel_keeps_its_secret_to_itself(pages: Client) -> None:
    form = {"kind": "slack", "key": "team-slack", "name": "Team Slack", "enabled": "on", "new_secret": TOKEN}
    assert pages.post(reverse("admin:delivery_channel_add"), form).status_code == 302
    channel = Channel.objects.get()
    assert unseal(channel.secret) == TOKEN
    for url in (
        reverse("admin:delivery_channel_change", args=[channel.pk]),
        reverse("admin:delivery_channel_changelist"),
        reverse("channel-detail", args=["team-slack"]),
        reverse("channel-list"),
    ):
        response = pages.get(url)
        assert response.status_code == 200
        assert TOKEN not in response.content.decode()
    assert TOKEN not in str(list(AuditEntry.objects.values()))
    change = reverse("admin:delivery_channel_change", args=[channel.pk])
    assert pages.post(change, {"name": "Slack", "enabled": "on", "new_secret": ""}).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, unseal(channel.secret)) == ("Slack", TOKEN)


def test_a_wrong_secret_is_refused_in_the_form(pages: Client) -> None:
    form = {"kind": "slack", "key": "team-slack", "name": "Team Slack", "enabled": "on", "new_secret": "hello"}
    response = pages.post(reverse("admin:delivery_channel_add"), form)
    assert response.status_code == 200
    assert "starts with xoxb-" in response.content.decode()
    assert not Channel.objects.exists()


def test_a_place_that_stands_for_a_team_is_made_without_json(pages: Client) -> None:
    channel = add_channel(actor=None, key="s", kind="slack", name="Slack", secret=TOKEN)
    team = TeamFactory(key="refunds")
    form = {"channel": channel.pk, "address": "C024BE91L", "team": team.pk, "region": "EMEA", "enabled": "on"}
    assert pages.post(reverse("admin:delivery_target_add"), form).status_code == 302
    target = Target.objects.get()
    assert target.context == {"team": "refunds", "region": "EMEA"}
    change = reverse("admin:delivery_target_change", args=[target.pk])
    assert 'value="EMEA"' in pages.get(change).content.decode()
    assert pages.post(change, {"region": "", "team": team.pk}).status_code == 302
    target.refresh_from_db()
    assert (target.context, target.enabled) == ({"team": "refunds"}, False)


def test_only_operators_get_in(client: Client) -> None:
    make_target("slack", "C024BE91L")
    for role in ("learner", "sme", "author", "lead", "manager"):
        client.force_login(PersonFactory(role=role))
        for name in ("channel-list", "target-list", "delivery-list"):
            assert client.get(reverse(name)).status_code == 403
        for model in ("channel", "target", "delivery"):
            assert client.get(reverse(f"admin:delivery_{model}_changelist")).status_code in {302, 403}


def test_the_api_does_what_the_pages_do(pages: Client) -> None:
    def send(method: str, url: str, data: object = None) -> object:
        return getattr(pages, method)(url, data or {}, content_type="application/json")

    made = send("post", reverse("channel-list"), {"key": "hook", "kind": "webhook", "name": "Hook"})
    assert (made.status_code, made.json()["has_secret"]) == (201, False)  # type: ignore[attr-defined]
    secret = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    assert send("put", reverse("channel-secret", args=["hook"]), secret).status_code == 204  # type: ignore[attr-defined]
    assert pages.get(reverse("channel-detail", args=["hook"])).json()["has_secret"] is True
    place = {"channel": "hook", "address": "http://10.0.0.1/x"}
    refused = send("post", reverse("target-list"), place)
    assert refused.status_code == 400  # type: ignore[attr-defined]
    assert "https://" in refused.json()["detail"]  # type: ignore[attr-defined]
    place = {"channel": "hook", "address": "https://example.com/x", "context": {"colour": "red"}}
    refused = send("post", reverse("target-list"), place)
    assert "cannot stand for “colour”" in refused.json()["detail"]  # type: ignore[attr-defined]
    made = send("post", reverse("target-list"), {**place, "context": {"region": "EMEA"}})
    assert made.status_code == 201  # type: ignore[attr-defined]
    changed = send("patch", reverse("target-detail", args=[made.json()["id"]]), {"enabled": False})  # type: ignore[attr-defined]
    assert changed.json()["enabled"] is False  # type: ignore[attr-defined]
    off = send("patch", reverse("channel-detail", args=["hook"]), {"enabled": False})
    assert off.json()["enabled"] is False  # type: ignore[attr-defined]


def test_failed_deliveries_are_sent_again_from_the_list_and_by_api(pages: Client) -> None:
    target = make_target("slack", "C024BE91L")
    make_pushed().ship(1)
    expand_all()
    Delivery.objects.update(state="failed", next_attempt_at=None)
    first = Delivery.objects.get()
    chosen = {"action": "send_again", "_selected_action": [first.pk]}
    assert pages.post(reverse("admin:delivery_delivery_changelist"), chosen).status_code == 302
    assert history(target) == [(1, 1, "failed"), (2, 1, "pending")]
    again = pages.post(reverse("delivery-send-again", args=[first.pk]))
    assert again.status_code == 400
    Delivery.objects.filter(epoch=2).update(state="failed", next_attempt_at=None)
    again = pages.post(reverse("delivery-send-again", args=[Delivery.objects.get(epoch=2).pk]))
    assert (again.status_code, again.json()["epoch"]) == (201, 3)
    assert pages.get(reverse("admin:delivery_delivery_change", args=[first.pk])).status_code == 200


def test_lists_cost_the_same_with_three_rows_and_with_thirty(pages: Client) -> None:
    urls = [reverse(f"admin:delivery_{model}_changelist") for model in ("channel", "target", "delivery")]
    urls += [reverse(name) for name in ("channel-list", "target-list", "delivery-list")]

    def count() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert pages.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            make_target("email", f"p{n}@example.com", person=PersonFactory())
            make_target("slack", f"C0{n:06}")

    pushed = make_pushed()
    more(0, 3)
    pushed.ship(1)
    expand_all()
    count()  # what is cached, is
    few = count()
    more(3, 30)
    pushed.ship(2)
    expand_all()
    assert count() == few


def test_everybody_with_an_address_gets_a_place_and_it_follows_them() -> None:
    house = small_house()
    PersonFactory(email="")
    PersonFactory(email="away@example.com", is_active=False)
    channel = add_channel(actor=None, key="mail", kind="email", name="Mail")
    synced = sync_personal_targets(channel_id=channel.pk)
    assert (synced.added, synced.moved, synced.taken) == (3, 0, 0)
    assert sync_personal_targets(channel_id=channel.pk).changed == 0
    house.bo.email = "bo.reed@example.com"
    house.bo.save()
    PersonFactory(email="cleo@example.com")  # the same mailbox as Cleo's
    synced = sync_personal_targets(channel_id=channel.pk)
    assert (synced.added, synced.moved, synced.taken) == (0, 1, 1)
    assert Target.objects.get(person=house.bo).address == "bo.reed@example.com"


def test_slack_ids_come_from_an_attribute() -> None:
    house = small_house()
    house.bo.attributes = {"slack_id": " U0BO "}
    house.bo.save()
    channel = add_channel(actor=None, key="s", kind="slack", name="Slack", secret=TOKEN)
    assert sync_personal_targets(channel_id=channel.pk).added == 1
    assert Target.objects.get().address == "U0BO"
    hook = add_channel(actor=None, key="h", kind="webhook", name="Hook")
    with pytest.raises(ValidationError, match="no places of single people"):
        sync_personal_targets(channel_id=hook.pk)


def test_a_new_place_is_brought_up_to_date_and_a_changed_one_too() -> None:
    small_house()
    channel = add_channel(actor=None, key="s", kind="slack", name="Slack", secret=TOKEN)
    make_pushed().ship(1, rule={"team": "refunds"})
    expand_all()
    target = add_target(actor=None, channel_id=channel.pk, address="C024BE91L", context={"team": "support"})
    expand_all()
    assert not Lane.objects.exists()
    change_target(actor=None, target_id=target.pk, context={"team": "refunds"})
    expand_all()
    assert history(target) == [(1, 1, "pending")]


def test_what_cannot_be_is_refused_in_words() -> None:
    channel = add_channel(actor=None, key="s", kind="slack", name="Slack")
    add_target(actor=None, channel_id=channel.pk, address="C024BE91L")
    bo = PersonFactory()
    for words, given in (
        ("has this place already", {"address": "C024BE91L"}),
        ("is not a Slack id", {"address": "#general"}),
        ("no team with the key", {"address": "C0OTHER", "context": {"team": "nowhere"}}),
        ("follows its person", {"address": "U0BO", "person_id": bo.pk, "context": {"region": "EMEA"}}),
    ):
        with pytest.raises(ValidationError, match=words):
            add_target(actor=None, channel_id=channel.pk, **given)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="already"):
        add_channel(actor=None, key="s", kind="email", name="Again")
    mail = add_channel(actor=None, key="m", kind="email", name="Mail")
    with pytest.raises(ValidationError, match="mail server is set by"):
        set_channel_secret(actor=None, channel_id=mail.pk, secret="x")
    assert change_channel(actor=None, channel_id=channel.pk, enabled=False).enabled is False
