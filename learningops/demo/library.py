"""The assets of the demo with all their versions."""

from datetime import date, datetime, timedelta
from typing import Final

from assets.actions.assets import NewAsset, create_assets, set_review_by
from assets.actions.versions import NewVersion, save_versions
from assets.content import parse
from assets.models import Asset, Collection, Version
from learningops.demo.clock import days_before
from learningops.demo.files import Edition, editions
from people.models import User

Versions = dict[tuple[str, int], Version]
_REVIEW_SOON: Final = {"refunds/when-money-arrives": 12, "identity/stop-a-call": 25, "desk/sale-week": -3}  # days


def build_library(people: dict[str, User], now: datetime) -> Versions:
    """Make every asset and version. Returns the versions by (key, number). About 30 queries, whatever their number."""
    texts = editions()
    collections = {c.key: c for c in Collection.objects.select_related("lead")}
    items = [_new_asset(versions, collections) for versions in texts.values()]
    assets = {asset.key: asset for asset in create_assets(actor=people["author"], items=items)}
    saved = save_versions(
        [
            NewVersion(
                asset_id=assets[key].pk, source=edition.source, author=_writer(assets[key]), message=edition.message,
                created_at=days_before(now, edition.days),
            )
            for edition, key in sorted(((e, k) for k, es in texts.items() for e in es), key=lambda pair: -pair[0].days)
        ]
    )  # fmt: skip
    keys = {asset.pk: key for key, asset in assets.items()}
    for key, days in _REVIEW_SOON.items():
        set_review_by(actor=people["author"], asset_ids=[assets[key].pk], review_by=_day(now, days))
    return {(keys[version.asset_id], version.number): version for version in saved}


def _new_asset(versions: list[Edition], collections: dict[str, Collection]) -> NewAsset:
    """The asset with its newest text as the draft: `save_versions` then finds nothing that is not saved."""
    source = versions[-1].source
    meta = parse(source).meta
    collection = collections[meta.collection]
    return NewAsset(
        collection=collection, key=meta.key, kind=meta.kind, title=meta.title, source=source, owner=collection.lead,
        locale=meta.locale or "en-GB",
    )  # fmt: skip


def _writer(asset: Asset) -> User | None:
    return asset.owner


def _day(now: datetime, days: int) -> date:
    return (now + timedelta(days=days)).date()
