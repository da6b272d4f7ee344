"""Save versions: one, or thousands in a fixed number of queries. Both go through `save_versions`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from assets.actions.drafts import locked_draft, merged
from assets.actions.prepare import NewVersion, Prepared, hash_of, prepare
from assets.actions.suggestions import mark_merged
from assets.actions.version_rows import insert_aliases, insert_derived, insert_versions, move_drafts, update_assets
from assets.content.keys import is_asset_key
from assets.gates.candidate import parsed
from assets.gates.names import load_names
from assets.models import Asset, Dependency, Version, VersionCheck, VersionMedia, VersionOutcome
from assets.queries.derived import Previous, Uses, uses_of
from people.models import AuditEntry, User

BATCH = 1_000

__all__ = ["NewVersion", "save_version", "save_versions"]


def save_version(*, actor: User | None, asset_id: int, message: str = "", raise_to_material: bool = False) -> Version:
    """Make the draft a version. Identical content makes none: the newest version is returned.

    When somebody saved a version since the draft was begun, the two are merged first, and the draft shows the result.

    Raises:
        DraftMoved: the draft and the newest version changed the same place; it carries both.
        ValidationError: the text has no title, or is not a text of an asset at all.

    Locks the asset's row, then its draft. 15 queries at most; 9 when nothing changed.
    """
    with transaction.atomic():
        Asset.objects.select_for_update().only("pk").get(pk=asset_id)
        draft = locked_draft(asset_id)
        newest = Version.objects.filter(asset=asset_id).order_by("-number").first()
        source = draft.source
        if newest is not None and newest.pk != draft.based_on_id:
            base = draft.based_on.source if draft.based_on else ""
            source = merged(base=base, ours=draft.source, theirs=newest.source, draft=draft)
        _refuse_unsavable(source)
        if source != draft.source:
            draft.source, draft.based_on, draft.edit = source, newest, draft.edit + 1
            draft.save(update_fields=["source", "based_on", "edit", "updated_at"])
        item = NewVersion(
            asset_id=asset_id, source=source, author=actor, message=message, raise_to_material=raise_to_material
        )
        version = save_versions([item])[0]
        mark_merged(asset_id=asset_id, version=version)
        return version


def _refuse_unsavable(source: str) -> None:
    document = parsed(source)
    broken = [p for p in document.problems if p.code.startswith(("front.", "text."))]
    if broken:
        raise ValidationError([_("Line %(line)d: %(said)s") % {"line": p.line, "said": p.message} for p in broken])
    if not document.meta.title:
        raise ValidationError(_("Give the asset a title before you save a version."))


def save_versions(items: Sequence[NewVersion]) -> list[Version]:
    """Save many versions, of many assets or several of one, in the order given. Returns one version per item.

    An item whose text, outcomes, links and media equal the version before it makes none: that version is returned.
    Drafts that nobody changed meanwhile follow to the newest version.

    Locks the assets' rows in the order of their ids, so that numbers are never given twice.
    11 queries at most for each batch of 1,000 items, whatever their number (2 more when an item repeats the text of
    the version before); all or none is saved.
    """
    saved: list[Version] = []
    with transaction.atomic():
        for start in range(0, len(items), BATCH):
            saved += _save_batch(items[start : start + BATCH])
    return saved


def _save_batch(items: Sequence[NewVersion]) -> list[Version]:
    assets = _locked_assets({item.asset_id for item in items})
    newest = _newest(assets)
    documents = [item.document or parsed(item.source) for item in items]
    names = load_names((i.asset_id, assets[i.asset_id].key, d) for i, d in zip(items, documents, strict=True))
    before = _previous(items, newest)
    results: list[Prepared | None] = []
    ready: list[Prepared] = []
    for item, document in zip(items, documents, strict=True):
        asset = assets[item.asset_id]
        prior = before.get(item.asset_id)
        again = prior and prior.content_hash == hash_of(item.source)
        if prior and again and uses_of(item.asset_id, asset.key, document, names) == prior.uses:
            results.append(_same(ready, item.asset_id, prior))
            continue
        made = prepare(item, asset_key=asset.key, previous=prior, names=names)
        before[item.asset_id] = Previous(
            None, made.number, item.source, made.content_hash, made.check_hashes, made.uses
        )
        ready.append(made)
        results.append(made)
    if ready:
        _write(ready, assets, newest)
    return [_version(r) if r else newest[i.asset_id] for r, i in zip(results, items, strict=True)]


def _same(ready: Sequence[Prepared], asset_id: int, prior: Previous) -> Prepared | None:
    """The version of this batch that the item repeats; None when it is the newest that was there before."""
    found = (p for p in ready if p.item.asset_id == asset_id and p.number == prior.number)
    return next(found, None) if prior.id is None else None


def _locked_assets(asset_ids: set[int]) -> dict[int, Asset]:
    found = {a.pk: a for a in Asset.objects.select_for_update().filter(pk__in=asset_ids).order_by("pk")}
    missing = asset_ids - found.keys()
    if missing:
        raise ValidationError(_("There is no asset with the id %(id)s.") % {"id": min(missing)})
    return found


def _newest(assets: Iterable[int]) -> dict[int, Version]:
    rows = (
        Version.objects.filter(asset__in=list(assets))
        .order_by("asset_id", "-number")
        .distinct("asset_id")
        .defer("text")
        .annotate(check_keys=_of_checks("check_identity__key"), check_hashes=_of_checks("content_hash"))
    )
    return {version.asset_id: version for version in rows}


def _of_checks(column: str) -> ArraySubquery:
    return ArraySubquery(VersionCheck.objects.filter(version=OuterRef("pk")).order_by("position").values(column))


def _previous(items: Sequence[NewVersion], newest: dict[int, Version]) -> dict[int, Previous]:
    """What each asset's next version follows. Only a text that comes again needs what the version is tied to."""
    hashes = {(item.asset_id, hash_of(item.source)) for item in items}
    again = [v.pk for v in newest.values() if (v.asset_id, bytes(v.content_hash)) in hashes]
    uses = _uses(again) if again else {}
    return {
        asset_id: Previous(v.pk, v.number, v.source, bytes(v.content_hash), _hashes(v), uses.get(v.pk))
        for asset_id, v in newest.items()
    }


def _hashes(version: Version) -> dict[str, bytes]:
    keys, hashes = version.check_keys, version.check_hashes  # type: ignore[attr-defined]
    return {key: bytes(digest) for key, digest in zip(keys, hashes, strict=True)}


def _uses(version_ids: Sequence[int]) -> dict[int, Uses]:
    """What versions are tied to. 3 queries."""
    outcomes: dict[int, set[int]] = defaultdict(set)
    dependencies: dict[int, set[tuple[str, int, int, int | None]]] = defaultdict(set)
    media: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, outcome in VersionOutcome.objects.filter(version__in=version_ids).values_list("version_id", "outcome_id"):
        outcomes[pk].add(outcome)
    columns = ("version_id", "kind", "target_id", "position", "pinned")
    for pk, kind, target, position, pinned in Dependency.objects.filter(version__in=version_ids).values_list(*columns):
        dependencies[pk].add((kind, target, position, pinned))
    for pk, name, sha in VersionMedia.objects.filter(version__in=version_ids).values_list(
        "version_id", "name", "file_id"
    ):
        media[pk].add((name, sha))
    return {pk: Uses(frozenset(outcomes[pk]), frozenset(dependencies[pk]), frozenset(media[pk])) for pk in version_ids}


def _write(ready: list[Prepared], assets: dict[int, Asset], newest: dict[int, Version]) -> None:
    insert_versions(ready)
    insert_derived(ready)
    last = {p.item.asset_id: p for p in ready}
    move_drafts([p.id for p in last.values()])
    update_assets([row for p in last.values() if (row := _changed(assets[p.item.asset_id], p, newest))])
    insert_aliases([pair for p in last.values() for pair in _aliases(p)])
    AuditEntry.objects.bulk_create([_entry(p, assets[p.item.asset_id]) for p in ready])


def _changed(asset: Asset, p: Prepared, newest: dict[int, Version]) -> dict[str, object] | None:
    """The asset's columns when the new text says something else than they do."""
    meta = p.document.meta
    before = newest.get(asset.pk)
    dated = meta.review_by and (before is None or parsed(before.source).meta.review_by != meta.review_by)
    row = {
        "id": asset.pk,
        "title": meta.title[:300] or asset.title,
        "locale": meta.locale or asset.locale,
        "licence": meta.licence[:120] or asset.licence,
        "source": meta.source[:500] or asset.source,
        "review_by": meta.review_by if dated else asset.review_by,
    }
    return row if any(getattr(asset, name) != value for name, value in row.items()) else None


def _aliases(p: Prepared) -> list[tuple[str, int]]:
    keys = (alias.strip("/") for alias in p.document.meta.aliases)
    return [(key, p.item.asset_id) for key in keys if is_asset_key(key)]


def _entry(p: Prepared, asset: Asset) -> AuditEntry:
    data = {
        "asset": asset.key, "asset_id": asset.pk, "version": p.number, "version_id": p.id, "change": p.change.kind,
    }  # fmt: skip
    return AuditEntry(
        actor=p.item.author, action="asset.version_saved", object_type="asset", object_key=asset.key, data=data
    )


def _version(p: Prepared) -> Version:
    """The saved row as an object, without reading it back."""
    return Version.from_db(
        "default",
        ["id", "asset_id", "number", "source", "content_hash", "title", "summary", "words", "minutes", "change_class",
         "change_reasons", "message", "author_id", "author_name", "created_at"],
        [p.id, p.item.asset_id, p.number, p.item.source, p.content_hash, p.document.meta.title[:300],
         p.document.meta.summary, p.document.words, p.document.minutes, p.change.kind,
         [str(r) for r in p.change.reasons], p.item.message[:300], p.item.author.pk if p.item.author else None,
         p.item.author_name[:160], p.created_at],
    )  # fmt: skip
