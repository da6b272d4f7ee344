"""The stack: overlapping releases, the kill switch, roll-backs from the top, the middle and the bottom; and who may."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.actions.assets import retire_asset
from assets.models import Asset
from delivery.actions.releases import (
    NewRelease,
    ReleaseBlocked,
    archive_release,
    roll_back_release,
    ship_release,
    ship_releases,
    switch_release,
    widen_release,
)
from delivery.actions.sweep import close_retired_stacks
from delivery.models import FanOut, Release
from delivery.queries.explain import explain, explain_passed
from delivery.queries.resolve import decide_all, decide_one
from delivery.queries.stack import count_by_release, decide_for_context, decided_sql
from people.models import AuditEntry, User
from tests.delivery.library import EVERYONE, REFUNDS, edit, guide, make_asset, save, ship
from tests.factories import PersonFactory, SmallHouse, TeamFactory, small_house

pytestmark = pytest.mark.django_db
SALES = {"team": "sales"}


@pytest.fixture
def house() -> SmallHouse:
    return small_house()


@pytest.fixture
def asset(house: SmallHouse) -> Asset:
    return make_asset(house.ada)


def number_for(person: User, asset: Asset) -> int | None:
    resolved = decide_one(person, asset.pk)
    return resolved.number if resolved else None


def versions(house: SmallHouse, asset: Asset, count: int) -> list[Any]:
    return [save(house.ada, asset, guide(asset.key, limit=100 + n)) for n in range(count)]


def test_closed_until_released(house: SmallHouse, asset: Asset) -> None:
    save(house.ada, asset)
    assert number_for(house.bo, asset) is None


def test_overlapping_releases_a_kill_and_roll_backs(house: SmallHouse, asset: Asset) -> None:
    v1, v2, v3, v4 = versions(house, asset, 4)
    bottom = ship(house.ada, v1)
    middle = ship(house.ada, v2, REFUNDS)
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (2, 1)

    baseline = ship(house.ada, v3)  # everyone: shadows both without closing them
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (3, 3)
    top = ship(house.ada, v4, REFUNDS)
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (4, 3)

    switch_release(actor=house.ada, release_id=top.pk, kill=True)
    assert number_for(house.bo, asset) == 3
    switch_release(actor=house.ada, release_id=top.pk, kill=False)
    assert number_for(house.bo, asset) == 4

    roll_back_release(actor=house.ada, release_id=baseline.pk)  # from the middle
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (4, 1)
    roll_back_release(actor=house.ada, release_id=bottom.pk)  # from the bottom
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (4, None)
    roll_back_release(actor=house.ada, release_id=top.pk)  # from the top
    assert (number_for(house.bo, asset), number_for(house.cleo, asset)) == (2, None)
    assert Release.objects.get(pk=middle.pk).state == "open"


def test_widening_keeps_whoever_was_in(house: SmallHouse, asset: Asset) -> None:
    people = [PersonFactory() for _ in range(60)]
    release = ship(house.ada, save(house.ada, asset), hundredths=1_000)
    inside = {p.pk for p in people if number_for(p, asset)}
    for share in (3_000, 6_000, 10_000):
        widen_release(actor=house.ada, release_id=release.pk, percentage_hundredths=share)
        now = {p.pk for p in people if number_for(p, asset)}
        assert inside <= now
        inside = now
    assert len(inside) == 60


def test_shipping_commits_release_audit_and_one_outbox_row(house: SmallHouse, asset: Asset) -> None:
    version = save(house.ada, asset)
    release = ship(house.ada, version)
    assert FanOut.objects.filter(asset=asset, release=release).count() == 1
    entry = AuditEntry.objects.get(object_type="release", object_key=str(release.pk))
    assert (entry.action, entry.actor, entry.data["version"]) == ("release.released", house.ada, 1)


def test_a_blocked_version_is_refused_and_nothing_is_written(house: SmallHouse, asset: Asset) -> None:
    broken = guide(asset.key).replace("- [x]", "- [ ]")
    version = save(house.ada, asset, broken)
    with pytest.raises(ReleaseBlocked) as refused:
        ship(house.ada, version)
    assert list(refused.value.findings) == [version.pk]
    assert not Release.objects.exists()
    assert not FanOut.objects.exists()


def test_all_or_none(house: SmallHouse, asset: Asset) -> None:
    good = save(house.ada, asset)
    other = make_asset(house.ada, "refunds/other", guide("refunds/other").replace("- [x]", "- [ ]"))
    bad = save(house.ada, other)
    with pytest.raises(ReleaseBlocked):
        ship_releases(actor=house.ada, items=[NewRelease(good.pk), NewRelease(bad.pk)])
    assert not Release.objects.exists()


def test_a_rule_that_names_nobody_known_is_refused(house: SmallHouse, asset: Asset) -> None:
    version = save(house.ada, asset)
    with pytest.raises(ValidationError, match="shoe_size"):
        ship(house.ada, version, {"attribute": "shoe_size", "op": "is", "value": 44})
    assert not Release.objects.exists()


def test_rolling_back_twice_changes_nothing_more(house: SmallHouse, asset: Asset) -> None:
    release = ship(house.ada, save(house.ada, asset))
    first = roll_back_release(actor=house.ada, release_id=release.pk, reason="Too early")
    again = roll_back_release(actor=house.cleo, release_id=release.pk)
    assert again.closed_at == first.closed_at
    assert FanOut.objects.filter(release=release).count() == 2


def test_archiving_keeps_what_a_roll_back_would_show(house: SmallHouse, asset: Asset) -> None:
    v1, v2, v3 = versions(house, asset, 3)
    first = ship(house.ada, v1)
    ship(house.ada, v2)
    with pytest.raises(ValidationError, match="roll-back"):
        archive_release(actor=house.ada, release_id=first.pk)
    ship(house.ada, v3)
    assert archive_release(actor=house.ada, release_id=first.pk).state == "archived"


def test_three_queries_for_two_hundred_assets(house: SmallHouse, django_assert_max_num_queries: Any) -> None:
    assets = [make_asset(house.ada, f"refunds/many-{n}") for n in range(20)]
    found = [save(house.ada, one) for one in assets]
    items = [NewRelease(v.pk, rule=REFUNDS if v.pk % 2 else EVERYONE) for v in found] * 10
    ship_releases(actor=house.ada, items=items)
    with django_assert_max_num_queries(3):
        assert len(decide_all(house.bo)) == 20
    with django_assert_max_num_queries(2):  # nothing changed since
        decide_all(house.bo)


def test_shipping_many_costs_as_many_queries_as_shipping_few(
    house: SmallHouse, django_assert_max_num_queries: Any
) -> None:
    found = [save(house.ada, make_asset(house.ada, f"refunds/many-{n}")) for n in range(12)]
    with django_assert_max_num_queries(40) as few:
        ship_releases(actor=house.ada, items=[NewRelease(v.pk) for v in found[:3]])
    with django_assert_max_num_queries(len(few)):
        ship_releases(actor=house.ada, items=[NewRelease(v.pk) for v in found])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sql_and_resolver_agree_on_random_stacks(house: SmallHouse, data: st.DataObject) -> None:
    with transaction.atomic():
        asset = make_asset(house.ada, f"refunds/stack-{data.draw(st.uuids())}")
        people = [house.ada, house.bo, house.cleo, *(PersonFactory(region=r) for r in ("EMEA", "APAC", ""))]
        rules = st.sampled_from([EVERYONE, REFUNDS, SALES, {"region": "EMEA"}, {"none": [{"region": "EMEA"}]}])
        for n in range(data.draw(st.integers(1, 4))):
            version = save(house.ada, asset, guide(asset.key, limit=n + 1))
            release = ship(house.ada, version, data.draw(rules), data.draw(st.sampled_from([0, 3_333, 10_000])))
            if data.draw(st.booleans()) and n:
                switch_release(actor=house.ada, release_id=release.pk, kill=True)
        sql, params = decided_sql(asset.pk)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            by_sql = {row[0]: row[1] for row in cursor.fetchall()}
        for person in people:
            resolved = decide_one(person, asset.pk)
            assert by_sql.get(person.pk) == (resolved.version_id if resolved else None)
        assert sum(count_by_release(asset.pk).values()) == len(by_sql)
        transaction.set_rollback(True)


def test_a_shared_target_gets_what_takes_in_everybody_it_stands_for(house: SmallHouse, asset: Asset) -> None:
    v1, v2, v3 = versions(house, asset, 3)
    ship(house.ada, v1)
    ship(house.ada, v2, {"all": [REFUNDS, {"region": "EMEA"}]})
    ship(house.ada, v3, REFUNDS, 5_000)

    def shown(**context: str) -> int | None:
        release = decide_for_context(asset.pk, context)
        return release.number if release else None

    assert shown() == 1
    assert shown(team="refunds") == 1  # some of them may be elsewhere than in EMEA
    assert shown(team="refunds", region="EMEA") == 2  # and a share never reaches a shared target
    assert shown(team="support", region="EMEA") == 1
    TeamFactory(key="deep", parent=house.refunds)
    assert shown(team="deep", region="EMEA") == 2


def test_reasons_in_words(house: SmallHouse, asset: Asset) -> None:
    v1, v2 = versions(house, asset, 2)
    ship(house.ada, v1)
    assert explain(decide_one(house.bo, asset.pk)) == "v1, because it is live for everyone."
    ship(house.ada, v2, REFUNDS)
    assert "Refunds" in explain(decide_one(house.bo, asset.pk))
    passed = decide_one(house.cleo, asset.pk).passed
    assert explain_passed(*passed[0]).startswith("v2 is for others")


def test_the_database_keeps_the_states(house: SmallHouse, asset: Asset) -> None:
    release = ship(house.ada, save(house.ada, asset))
    for change in ("state = 'gone'", "state = 'rolled_back'", "closed_at = now()"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE delivery_release SET {change} WHERE id = %s", [release.pk])


def test_a_draft_never_reaches_anyone(house: SmallHouse, asset: Asset) -> None:
    ship(house.ada, save(house.ada, asset))
    edit(house.ada, asset, guide(asset.key, limit=999))
    assert number_for(house.bo, asset) == 1


def test_unknown_version(house: SmallHouse) -> None:
    with pytest.raises(ValidationError, match="no version"):
        ship_release(actor=house.ada, version_id=987654, rule=EVERYONE)


def test_retiring_an_asset_closes_its_stack(house: SmallHouse, asset: Asset) -> None:
    release = ship(house.ada, save(house.ada, asset))
    retire_asset(actor=house.ada, asset_id=asset.pk)
    assert close_retired_stacks() == 1
    assert number_for(house.bo, asset) is None
    assert Release.objects.get(pk=release.pk).state == "archived"
    assert close_retired_stacks() == 0
