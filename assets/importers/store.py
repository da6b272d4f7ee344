"""From a plan to the library: everything in one transaction, in a number of queries that grows with batches only."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from assets.actions.assets import DEFAULT_LOCALE, NewAsset, create_assets
from assets.actions.media import NewMedia, add_media_files
from assets.actions.prepare import hash_of
from assets.actions.versions import NewVersion, save_versions
from assets.content import Document
from assets.importers.archive import Folder
from assets.importers.plan import Plan, PlannedAsset
from assets.importers.source import Note
from assets.models import Asset, AssetAlias, Collection, Framework, Media, Outcome, Version
from people.models import AuditEntry, User

BATCH = 200

Advance = Callable[[int], None]


@dataclass(slots=True)
class Stored:
    """What an import changed. `made`, `updated` and `unchanged` are keys of assets."""

    made: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    versions: int = 0
    outcomes: int = 0
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """The versions of an asset: (hash, when) in order."""

    rows: tuple[tuple[bytes, datetime], ...] = ()

    @property
    def hashes(self) -> frozenset[bytes]:
        return frozenset(digest for digest, _at in self.rows)


def store_plan(
    *, actor: User | None, plan: Plan, folder: Folder, collection: str, owner: User | None, advance: Advance
) -> Stored:
    """Write a plan, all of it or nothing.

    An asset that is there already gets a version when its text was never one of its versions; a text that was one
    before is left alone, so that an import never takes back what was edited here since. Assets are made before
    versions are saved, so that links between them are found whatever their order.

    Locks the rows of the assets that get versions. 12 queries when nothing changes; else 6 more for the assets made,
    4 for media, and 11 for every 200 versions.
    """
    stored = Stored()
    with transaction.atomic():
        collections = _store_collections(actor, plan)
        stored.outcomes = _store_outcomes(plan)
        found = _find_assets([p.asset.key for p in plan.assets])
        taken = _former_keys([p.asset.key for p in plan.assets if p.asset.key not in found])
        todo = [p for p in plan.assets if not _refuse_taken(p, taken, stored)]
        known = _known_versions([asset.pk for asset in found.values()])
        new = [p for p in todo if p.asset.key not in found]
        made = create_assets(
            actor=actor, items=[_new_asset(p, collections, collection, owner) for p in new]
        ) if new else []  # fmt: skip
        found |= {asset.key: asset for asset in made}
        _store_media(actor, todo, found, folder)
        items = _versions_to_save(todo, found, known, owner or actor, stored)
        stored.versions = _save(items, advance)
        _store_translations(todo, found)
    stored.made = [asset.key for asset in made]
    return stored


def _store_collections(actor: User | None, plan: Plan) -> dict[str, Collection]:
    """3 queries at most."""
    there = {c.key: c for c in Collection.objects.filter(key__in=plan.collections)}
    missing = [info for key, info in plan.collections.items() if key not in there]
    rows = [
        Collection(
            key=info.key, name=info.name[:160], description=info.description,
            licence=info.attribution.licence[:120], attribution=info.attribution.text,
        )
        for info in missing
    ]  # fmt: skip
    if rows:
        Collection.objects.bulk_create(rows)
        AuditEntry.objects.bulk_create(
            [
                AuditEntry(
                    actor=actor, action="collection.created", object_type="collection", object_key=c.key, data={}
                )
                for c in rows
            ]
        )
    return there | {c.key: c for c in rows}


def _store_outcomes(plan: Plan) -> int:
    """Make the frameworks and outcomes that are missing; those that are there stay as they are. 5 queries at most."""
    there = set(Outcome.objects.filter(key__in=plan.outcomes).values_list("key", flat=True))
    missing = [outcome for key, outcome in plan.outcomes.items() if key not in there]
    if not missing:
        return 0
    wanted = {o.framework for o in missing}
    Framework.objects.bulk_create(
        [
            Framework(key=f.key, name=f.name[:160], source=f.source[:500], licence=f.licence[:120])
            for f in plan.frameworks.values() if f.key in wanted
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    frameworks = {f.key: f for f in Framework.objects.filter(key__in=wanted)}
    rows = Outcome.objects.bulk_create(
        [
            Outcome(
                key=o.key, framework=frameworks[o.framework], statement=o.statement[:400], condition=o.condition[:300],
                measure=o.measure[:300], is_group=o.is_group, position=o.position or number,
            )
            for number, o in enumerate(missing, 1)
        ]
    )  # fmt: skip
    parents = {o.key: o.parent for o in missing if o.parent}
    if parents:
        ids = dict(Outcome.objects.filter(key__in=parents.values()).values_list("key", "pk"))
        children = [row for row in rows if parents.get(row.key, "") in ids]
        for row in children:
            row.parent_id = ids[parents[row.key]]
        Outcome.objects.bulk_update(children, ["parent"])
    return len(rows)


def _find_assets(keys: Sequence[str]) -> dict[str, Asset]:
    return {asset.key: asset for asset in Asset.objects.filter(key__in=keys)}


def _former_keys(keys: Sequence[str]) -> dict[str, str]:
    return dict(AssetAlias.objects.filter(key__in=keys).values_list("key", "asset__key"))


def _refuse_taken(planned: PlannedAsset, taken: Mapping[str, str], stored: Stored) -> bool:
    owner = taken.get(planned.asset.key)
    if owner is None:
        return False
    said = f"The key {planned.asset.key} is a former key of {owner}."
    line = planned.asset.document.line_of("key")
    stored.notes.append(
        Note(planned.asset.path, line, said, "Give it another key.", "key.taken", skipped=True)
    )  # fmt: skip
    return True


def _known_versions(asset_ids: Sequence[int]) -> dict[int, _Known]:
    rows: dict[int, list[tuple[bytes, datetime]]] = defaultdict(list)
    columns = ("asset_id", "content_hash", "created_at")
    for pk, digest, at in Version.objects.filter(asset__in=asset_ids).order_by("number").values_list(*columns):
        rows[pk].append((bytes(digest), at))
    return {pk: _Known(tuple(found)) for pk, found in rows.items()}


def _new_asset(
    planned: PlannedAsset, collections: Mapping[str, Collection], collection: str, owner: User | None
) -> NewAsset:
    meta = planned.asset.document.meta
    return NewAsset(
        collection=collections[collection or planned.asset.collection], key=meta.key, kind=meta.kind, title=meta.title,
        source=planned.asset.document.source, owner=owner, locale=meta.locale or DEFAULT_LOCALE, licence=meta.licence,
        origin=meta.source,
    )  # fmt: skip


def _store_media(actor: User | None, todo: Sequence[PlannedAsset], assets: Mapping[str, Asset], folder: Folder) -> None:
    """Keep the files that texts show and that are new under their name. 1 query, 4 more when there are some."""
    wanted = [(p, name, path) for p in todo for name, path in p.asset.media.items()]
    if not wanted:
        return
    there = {
        (pk, name): sha
        for pk, name, sha in Media.objects.filter(asset__in={assets[p.asset.key].pk for p, _n, _p in wanted})
        .values_list("asset_id", "name", "file_id")
    }  # fmt: skip
    items: list[NewMedia] = []
    for planned, name, path in wanted:
        data = folder.read(path)
        pk = assets[planned.asset.key].pk
        if there.get((pk, name)) != hashlib.sha256(data).hexdigest():
            items.append(NewMedia(asset_id=pk, name=name, data=data))
    if items:
        add_media_files(actor=actor, items=items)


def _versions_to_save(
    todo: Sequence[PlannedAsset], assets: Mapping[str, Asset], known: Mapping[int, _Known], author: User | None,
    stored: Stored,
) -> list[NewVersion]:  # fmt: skip
    items: list[NewVersion] = []
    for planned in todo:
        asset = assets[planned.asset.key]
        before = known.get(asset.pk, _Known())
        found = [*_earlier_items(planned, asset, before, stored), *_present_item(planned, asset, before, author)]
        if before.rows:
            (stored.updated if found else stored.unchanged).append(asset.key)
        items += found
    return items


def _earlier_items(
    planned: PlannedAsset, asset: Asset, before: _Known, stored: Stored
) -> Iterator[NewVersion]:  # fmt: skip
    there = set(before.rows)
    newest = max((at for _digest, at in before.rows), default=None)
    for earlier in planned.earlier:
        revision = earlier.revision
        if (hash_of(earlier.document.source), revision.at) in there:
            continue
        if newest is not None and revision.at <= newest:
            said = f"The revision of {revision.at:%Y-%m-%d} is older than the newest version: it was left out."
            fix = "Earlier revisions can only be imported before later ones."
            stored.notes.append(Note(planned.asset.path, 0, said, fix, "revision", skipped=True))
            continue
        yield NewVersion(
            asset_id=asset.pk, source=earlier.document.source, author_name=revision.author, created_at=revision.at,
            message=revision.message, document=earlier.document,
        )  # fmt: skip


def _present_item(
    planned: PlannedAsset, asset: Asset, before: _Known, author: User | None
) -> Iterator[NewVersion]:  # fmt: skip
    document: Document = planned.asset.document
    last = planned.earlier[-1].document.source if planned.earlier else None
    if document.source == last or hash_of(document.source) in before.hashes:
        return
    yield NewVersion(asset_id=asset.pk, source=document.source, author=author, document=document)


def _save(items: Sequence[NewVersion], advance: Advance) -> int:
    saved: set[int] = set()
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        saved |= {version.pk for version in save_versions(batch)}
        advance(len(batch))
    return len(saved)


def _store_translations(todo: Sequence[PlannedAsset], assets: Mapping[str, Asset]) -> None:
    """Tie translations to what they translate. 2 queries at most."""
    wanted = {p.asset.key: p.asset.document.meta.translation_of for p in todo if p.asset.document.meta.translation_of}
    if not wanted:
        return
    ids = {key: assets[key].pk for key in wanted.values() if key in assets}
    outside = [key for key in wanted.values() if key not in ids]
    if outside:
        ids |= dict(Asset.objects.filter(key__in=outside).values_list("key", "pk"))
    changed: list[Asset] = []
    for key, original in wanted.items():
        asset = assets[key]
        target = ids.get(original)
        if target and target not in {asset.pk, asset.translation_of_id}:
            asset.translation_of_id = target
            changed.append(asset)
    if changed:
        Asset.objects.bulk_update(changed, ["translation_of"])
