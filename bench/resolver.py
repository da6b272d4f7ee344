"""One person, 200 assets, each released to one group: our resolver against django-waffle's own flags, both warm."""

import statistics
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.actions.versions import NewVersion, save_versions
from bench.library import make_assets
from bench.measure import Figure, alternate, noise
from bench.models import PlainFlag
from delivery.actions.releases import NewRelease, ship_releases
from delivery.queries.resolve import decide_all
from people.actions.people import create_person
from people.models import User
from tests.harness.run import Run

ASSETS, GROUPS, MINE = 200, 20, 7


def measure(_run: Run) -> list[Figure]:
    """Decisions per second; both sides must let the person into the same assets."""
    groups = [Group.objects.create(name=f"group-{n}") for n in range(GROUPS)]
    person = create_person(actor=None, username="reader", groups=groups[:MINE])
    assets, texts = make_assets(ASSETS)
    versions = save_versions(
        [NewVersion(asset_id=asset.pk, source=text) for asset, text in zip(assets, texts, strict=True)]
    )
    rules = [
        {"all": [{"attribute": "group", "op": "has", "value": f"group-{n % GROUPS}"}]} for n in range(len(versions))
    ]
    ship_releases(
        actor=None,
        items=[NewRelease(version.pk, rule=rule) for version, rule in zip(versions, rules, strict=True)],
    )
    with connection.schema_editor() as editor:
        editor.create_model(PlainFlag)
    names = [f"waffle-{asset.pk}" for asset in assets]
    for n, name in enumerate(names):
        flag: Any = PlainFlag.objects.create(name=name, superusers=False)
        flag.groups.add(groups[n % GROUPS])
        flag.flush()

    def ours() -> set[int]:
        return set(decide_all(User.objects.get(pk=person.pk)))

    def peer() -> set[int]:
        user = User.objects.get(pk=person.pk)
        return {
            asset.pk for asset, name in zip(assets, names, strict=True) if PlainFlag.get(name).is_active_for_user(user)
        }

    if ours() != peer():
        raise AssertionError("The resolver and waffle let the person into different assets.")
    mine, theirs = alternate(ours, peer, rounds=15)
    with CaptureQueriesContext(connection) as captured:
        ours()
    with CaptureQueriesContext(connection) as captured_peer:
        peer()
    return [
        Figure(
            "resolver", ASSETS / statistics.median(mine), ASSETS / statistics.median(theirs), "decisions/s",
            len(captured), noise(mine), f"{1000 * statistics.median(mine):.2f} ms for {ASSETS} assets, person included;"
            f" waffle {1000 * statistics.median(theirs):.0f} ms, {len(captured_peer)} queries",
        )
    ]  # fmt: skip
