"""Make assets, retire them, and keep who looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.content import Document, Meta, serialise
from assets.models import Asset, AssetAlias, Collection, Draft
from assets.models.asset import validate_asset_key
from people.actions.audit import write_audit
from people.models import AuditEntry, User

DEFAULT_LOCALE = "en-GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """An asset to be made. `source` is the whole file of its draft; None starts an empty one with a front matter."""

    collection: Collection
    key: str
    kind: str
    title: str
    source: str | None = None
    owner: User | None = None
    locale: str = DEFAULT_LOCALE
    licence: str = ""
    origin: str = ""  # where it was taken from, for attribution


def create_asset(
    *,
    actor: User | None,
    collection: Collection,
    key: str,
    kind: str,
    title: str,
    source: str | None = None,
    owner: User | None = None,
) -> Asset:
    """Make an asset with its draft. Raises ValidationError when the key is taken or malformed. 5 queries."""
    new = NewAsset(collection=collection, key=key, kind=kind, title=title, source=source, owner=owner)
    return create_assets(actor=actor, items=[new])[0]


def create_assets(*, actor: User | None, items: Sequence[NewAsset]) -> list[Asset]:
    """Make many assets with their drafts, all or none, in the order given.

    Raises ValidationError that names every key that is taken (also as a former key), doubled or malformed.
    5 queries, whatever their number: two look for taken keys, then assets, drafts and audit entries.
    """
    _refuse_bad(items)
    try:
        with transaction.atomic():
            return _create(actor, items)
    except IntegrityError as error:  # somebody made the same key since we looked
        raise ValidationError(_("One of these keys was taken just now. Try again.")) from error


def _create(actor: User | None, items: Sequence[NewAsset]) -> list[Asset]:
    assets = Asset.objects.bulk_create([_asset(item) for item in items])
    pairs = list(zip(assets, items, strict=True))
    Draft.objects.bulk_create(
        [Draft(asset=asset, source=first_source(item), updated_by=actor) for asset, item in pairs]
    )
    _audit_all(actor, "asset.created", assets, {})
    return assets


def _asset(item: NewAsset) -> Asset:
    return Asset(
        key=item.key, kind=item.kind, title=item.title[:300], collection=item.collection, owner=item.owner,
        locale=item.locale, licence=item.licence[:120], source=item.origin[:500],
    )  # fmt: skip


def first_source(item: NewAsset) -> str:
    """The text a new draft starts with."""
    if item.source is not None:
        return item.source
    locale = "" if item.locale == DEFAULT_LOCALE else item.locale
    return serialise(
        Document.build(meta=Meta(key=item.key, title=item.title, kind=item.kind, locale=locale), body="\n")
    )


def _refuse_bad(items: Sequence[NewAsset]) -> None:
    keys = [item.key for item in items]
    problems: list[ValidationError] = []
    for item in items:
        try:
            validate_asset_key(item.key)
        except ValidationError:
            said = _("“%(key)s” is not a key. Use small letters, digits, dots and hyphens, with slashes between parts.")
            problems.append(ValidationError(said % {"key": item.key}))
        if item.kind not in Asset.Kind.values:
            problems.append(ValidationError(_("“%(kind)s” is not a kind of asset.") % {"kind": item.kind}))
        if not item.title.strip():
            problems.append(ValidationError(_("“%(key)s” has no title. Give it one.") % {"key": item.key}))
    taken = set(Asset.objects.filter(key__in=keys).values_list("key", flat=True))
    taken |= set(AssetAlias.objects.filter(key__in=keys).values_list("key", flat=True))
    taken |= {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    said = _("The key “%(key)s” is taken. Choose another.")
    problems += [ValidationError(said % {"key": key}) for key in sorted(taken)]
    if problems:
        raise ValidationError(problems)


def retire_asset(*, actor: User | None, asset_id: int) -> Asset:
    """Take an asset out of use: nobody is given it any more, whatever is released. Versions and evidence stay.

    Locks the asset's row. Retiring a retired asset changes nothing. 3 queries.
    """
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset_id)
        if asset.retired_at is None:
            asset.retired_at = timezone.now()
            asset.save(update_fields=["retired_at"])
            _audit(actor, "asset.retired", asset)
    return asset


def restore_asset(*, actor: User | None, asset_id: int) -> Asset:
    """Put a retired asset back into use. Locks the asset's row. 3 queries."""
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset_id)
        if asset.retired_at is not None:
            asset.retired_at = None
            asset.save(update_fields=["retired_at"])
            _audit(actor, "asset.restored", asset)
    return asset


def set_review_by(*, actor: User | None, asset_ids: Sequence[int], review_by: date | None) -> int:
    """Say until when assets are to be looked at again. Returns how many changed. 3 queries, whatever their number.

    It is a promise about the asset, not a part of its text: no version is made. A version whose front matter brings
    another date than the version before it sets that date.
    """
    with transaction.atomic():
        changing = list(
            Asset.objects.select_for_update().filter(pk__in=asset_ids).exclude(review_by=review_by).order_by("pk")
        )
        Asset.objects.filter(pk__in=[a.pk for a in changing]).update(review_by=review_by)
        _audit_all(actor, "asset.review_by_set", changing, {"review_by": review_by.isoformat() if review_by else None})
    return len(changing)


def set_owner(*, actor: User | None, asset_ids: Sequence[int], owner: User | None) -> int:
    """Say who keeps these assets. Returns how many changed. 3 queries, whatever their number."""
    with transaction.atomic():
        changing = list(Asset.objects.select_for_update().filter(pk__in=asset_ids).exclude(owner=owner).order_by("pk"))
        Asset.objects.filter(pk__in=[a.pk for a in changing]).update(owner=owner)
        _audit_all(actor, "asset.owner_set", changing, {"owner_id": owner.pk if owner else None})
    return len(changing)


def _audit(actor: User | None, action: str, asset: Asset) -> None:
    data = {"asset": asset.key, "asset_id": asset.pk}
    write_audit(actor=actor, action=action, object_type="asset", object_key=asset.key, data=data)


def _audit_all(actor: User | None, action: str, assets: Sequence[Asset], data: dict[str, object]) -> None:
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=actor, action=action, object_type="asset", object_key=asset.key,
                data={"asset": asset.key, "asset_id": asset.pk, "kind": asset.kind, **data},
            )
            for asset in assets
        ]
    )  # fmt: skip
