"""Expanding an outbox row: lanes, epochs, deliveries."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from delivery.actions.fan_out import expand
from delivery.actions.sweep import sweep
from delivery.actions.targets import unsubscribe
from delivery.models import Delivery, FanOut, Lane, Target
from tests.delivery.pushed import expand_all, history, lane_of, make_pushed, make_target
from tests.factories import PersonFactory, small_house

pytestmark = pytest.mark.django_db

REFUNDS = {"team": "refunds"}


def test_a_release_makes_one_pending_delivery_for_each_person_in_its_audience() -> None:
    house = small_house()
    bo, cleo = (make_target("email", person.email, person=person) for person in (house.bo, house.cleo))
    pushed = make_pushed()
    release = pushed.ship(1, rule=REFUNDS)
    expand_all()
    assert history(bo) == [(1, 1, "pending")]
    assert Delivery.objects.get().release == release
    assert not Lane.objects.filter(target=cleo).exists()  # nothing was ever there, so nothing is taken away
    assert FanOut.objects.get().done_at is not None


def test_expanding_twice_changes_nothing() -> None:
    house = small_house()
    target = make_target("email", "bo@example.com", person=house.bo)
    make_pushed().ship(1)
    key = FanOut.objects.get().pk
    assert expand(fan_out_id=key).deliveries == 1
    assert expand(fan_out_id=key).deliveries == 0
    FanOut.objects.update(done_at=None, cursor=0)
    assert expand(fan_out_id=key).deliveries == 0
    assert history(target) == [(1, 1, "pending")]


def test_a_newer_version_overtakes_what_still_waits_and_order_is_by_epoch() -> None:
    house = small_house()
    target = make_target("slack", "C024BE91L")
    pushed = make_pushed()
    pushed.ship(1)
    expand_all()
    second = pushed.ship(2)
    expand_all()
    pushed.roll_back(second)
    expand_all()
    assert history(target) == [(1, 1, "superseded"), (2, 2, "superseded"), (3, 1, "pending")]
    assert lane_of(target, pushed).epoch == 3
    assert house.bo.is_active


def test_leaving_the_audience_takes_away_and_is_booked_on_the_release_that_did_it() -> None:
    house = small_house()
    target = make_target("email", "bo@example.com", person=house.bo)
    pushed = make_pushed()
    release = pushed.ship(1, rule=REFUNDS)
    expand_all()
    pushed.roll_back(release)
    expand_all()
    assert history(target) == [(1, 1, "superseded"), (2, None, "pending")]
    assert Delivery.objects.get(epoch=2).release == release


def test_a_release_announces_itself_only_on_the_kinds_it_lists() -> None:
    house = small_house()
    mail = make_target("email", "bo@example.com", person=house.bo)
    slack = make_target("slack", "C024BE91L")
    hook = make_target("webhook", "https://example.com/hook")
    pushed = make_pushed()
    pushed.ship(1, channels=("email", "slack"))
    expand_all()
    pushed.ship(2, channels=())
    expand_all()
    assert history(mail) == [(1, 1, "pending")]  # nobody is written to
    assert history(slack) == [(1, 1, "superseded"), (2, 2, "pending")]  # what it shows is kept right
    assert history(hook) == []


def test_a_shared_target_needs_its_whole_context_in_the_audience_and_the_full_percentage() -> None:
    small_house()
    everybody = make_target("slack", "C0EVERYONE")
    refunds = make_target("slack", "C0REFUNDS", context={"team": "refunds"})
    pushed = make_pushed()
    pushed.ship(1, rule={"team": "support"})
    expand_all()
    assert (history(everybody), history(refunds)) == ([], [(1, 1, "pending")])


def test_switched_off_and_unsubscribed_places_are_left_alone() -> None:
    house = small_house()
    off = make_target("email", "ada@example.com", person=house.ada)
    Target.objects.filter(pk=off.pk).update(enabled=False)
    gone = make_target("email", "bo@example.com", person=house.bo)
    unsubscribe(target_id=gone.pk)
    make_pushed().ship(1)
    expand_all()
    assert not Lane.objects.exists()


def test_batches_reach_everybody_and_the_cursor_goes_on_after_a_stop() -> None:
    targets = [make_target("email", f"p{n}@example.com", person=PersonFactory()) for n in range(7)]
    make_pushed().ship(1)
    key = FanOut.objects.get().pk
    first = expand(fan_out_id=key, batch=3, rounds=1)
    assert (first.deliveries, first.done) == (3, False)
    rest = expand(fan_out_id=key, batch=3)
    assert (rest.deliveries, rest.done) == (4, True)
    assert all(history(target) == [(1, 1, "pending")] for target in targets)


def test_queries_do_not_grow_with_the_number_of_targets() -> None:
    for n in range(3):
        make_target("email", f"a{n}@example.com", person=PersonFactory())
    pushed = make_pushed()
    pushed.ship(1)
    few = _queries_of_expanding()
    for n in range(30):
        make_target("email", f"b{n}@example.com", person=PersonFactory())
    pushed.ship(2)
    assert _queries_of_expanding() == few


def _queries_of_expanding() -> int:
    key = FanOut.objects.get(done_at=None).pk
    with CaptureQueriesContext(connection) as captured:
        expand(fan_out_id=key)
    return len(captured)


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_two_changes_of_one_asset_end_with_the_newest() -> None:
    targets = [make_target("email", f"p{n}@example.com", person=PersonFactory()) for n in range(40)]
    pushed = make_pushed()
    pushed.ship(1)
    pushed.ship(2)
    barrier = threading.Barrier(2)

    def work(key: int) -> None:
        barrier.wait()
        try:
            while not expand(fan_out_id=key, batch=5, rounds=1).done and FanOut.objects.get(pk=key).done_at is None:
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[key]) for key in FanOut.objects.values_list("pk", flat=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert FanOut.objects.filter(done_at=None).count() == 0
    assert all(history(target) == [(1, 2, "pending")] for target in targets)


def test_the_sweeper_finds_who_joined_and_who_left() -> None:
    house = small_house()
    target = make_target("email", "bo@example.com", person=house.bo)
    pushed = make_pushed()
    pushed.ship(1, rule=REFUNDS)
    expand_all()
    house.bo.team = house.sales
    house.bo.save()
    swept = sweep()
    assert swept is not None
    assert swept.assets == 1
    expand_all()
    assert history(target)[-1] == (2, None, "pending")
    house.bo.team = house.refunds
    house.bo.save()
    sweep()
    expand_all()
    assert history(target)[-1] == (3, 1, "pending")
    swept = sweep()
    assert swept is not None
    assert swept.assets == 0


def test_the_sweeper_gives_new_people_a_place() -> None:
    make_target("email", "first@example.com", person=PersonFactory())
    pushed = make_pushed()
    pushed.ship(1)
    expand_all()
    newcomer = PersonFactory()
    sweep()
    expand_all()
    assert history(Target.objects.get(person=newcomer)) == [(1, 1, "pending")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE delivery_delivery SET state = 'gone'",
        "UPDATE delivery_delivery SET state = 'accepted'",  # and still due
        "UPDATE delivery_delivery SET next_attempt_at = NULL",  # and still pending
        "UPDATE delivery_delivery SET state = 'sending'",  # without a lease
        "UPDATE delivery_lane SET shown_epoch = epoch + 1",
        """INSERT INTO delivery_delivery (lane_id, epoch, state, attempts_made, problem)
           SELECT lane_id, epoch, 'pending', 0, '' FROM delivery_delivery""",
        """INSERT INTO delivery_lane (target_id, asset_id, epoch, shown_epoch, external_id)
           SELECT target_id, asset_id, 1, 0, '' FROM delivery_lane""",
        "UPDATE delivery_target SET address = ''",
        'UPDATE delivery_target SET context = \'{"team": "refunds"}\'',  # of a personal place
    ],
)
def test_the_database_refuses_what_the_ledger_never_says(change: str) -> None:
    house = small_house()
    make_target("email", "bo@example.com", person=house.bo)
    make_pushed().ship(1)
    expand_all()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_allows_one_call_in_flight_for_a_lane() -> None:
    make_target("slack", "C024BE91L")
    pushed = make_pushed()
    pushed.ship(1)
    expand_all()
    pushed.ship(2)
    expand_all()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET state = 'sending', next_attempt_at = now(), leased_until = now(),"
            " lease_token = gen_random_uuid()"
        )
