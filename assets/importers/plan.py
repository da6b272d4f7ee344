"""From a bundle to a plan: every file read, converted and checked, nothing written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from assets.content import ContentError, Document, Problem, decode
from assets.content.keys import is_asset_key
from assets.importers.archive import Folder
from assets.importers.history import read_history
from assets.importers.source import (
    CollectionInfo,
    FrameworkInfo,
    Note,
    Revision,
    Shelf,
    SourceAsset,
    SourceOutcome,
)

Progress = Callable[[Iterable[str], str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A revision in our format."""

    document: Document
    revision: Revision


@dataclass(frozen=True, slots=True)
class PlannedAsset:
    """An asset to be imported, its earlier texts first."""

    asset: SourceAsset
    earlier: tuple[EarlierVersion, ...] = ()


@dataclass(slots=True)
class Plan:
    """What an import would bring. `files` counts the files that were looked at."""

    assets: list[PlannedAsset] = field(default_factory=list)
    collections: dict[str, CollectionInfo] = field(default_factory=dict)
    frameworks: dict[str, FrameworkInfo] = field(default_factory=dict)
    outcomes: dict[str, SourceOutcome] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    files: int = 0

    @property
    def skipped(self) -> list[Note]:
        """The notes about what was left out."""
        return [note for note in self.notes if note.skipped]


def make_plan(folder: Folder, shelves: Iterable[Shelf], *, history: bool, collection: str, progress: Progress) -> Plan:
    """Read and convert every file. A file with a problem is left out with a note, the rest goes on. No queries.

    Args:
        collection: the key of the collection that everything goes to; "" for the bundle's own.
        progress: shows how far it is; gets the paths, a word for what is done, and their number.
    """
    plan = Plan(notes=list(folder.notes))
    for shelf in shelves:
        plan.notes += shelf.notes
        found = read_history(folder, shelf, plan.notes) if history else {}
        for path in progress(shelf.paths, shelf.collection.key, len(shelf.paths)):
            plan.files += 1
            planned = _read_file(folder, shelf, path, found.get(path, ()), plan.notes)
            if planned:
                plan.assets.append(planned)
        for item in shelf.more():
            if isinstance(item, Note):
                plan.notes.append(_at(item, shelf.full(item.path)))
            elif problems := _refused(item):
                plan.notes += [_note(shelf.full(item.path), problem) for problem in problems]
            else:
                plan.assets.append(PlannedAsset(_placed(item, shelf)))
        plan.collections |= {c.key: c for c in shelf.collections() if c.key not in plan.collections}
        plan.frameworks |= {f.key: f for f in shelf.frameworks()}
        plan.outcomes |= {o.key: o for o in shelf.outcomes()}
    plan.assets = _without_repeats(plan)
    plan.collections = _collections_used(plan, collection)
    plan.outcomes |= {o.key: o for p in plan.assets for o in p.asset.outcomes if o.key not in plan.outcomes}
    plan.notes += [note for planned in plan.assets for note in planned.asset.notes]
    return plan


def _read_file(
    folder: Folder, shelf: Shelf, path: str, revisions: Iterable[Revision], notes: list[Note]
) -> PlannedAsset | None:
    full = shelf.full(path)
    try:
        asset = shelf.convert(path, decode(folder.read(full)))
    except ContentError as error:
        notes += [_note(full, problem) for problem in error.problems]
        return None
    except OSError as error:
        notes.append(Note(full, 0, f"It cannot be read: {error.strerror}.", "Check its permissions.", "", skipped=True))
        return None
    if problems := _refused(asset):
        notes += [_note(full, problem) for problem in problems]
        return None
    return PlannedAsset(_placed(asset, shelf), tuple(_earlier(shelf, asset, revisions, notes)))


def _refused(asset: SourceAsset) -> list[Problem]:
    """What keeps an asset out though it can be read: checks that nobody can answer."""
    return [problem for check in asset.document.checks for problem in check.problems()]


def _earlier(
    shelf: Shelf, asset: SourceAsset, revisions: Iterable[Revision], notes: list[Note]
) -> Iterable[EarlierVersion]:
    before = ""
    for revision in revisions:
        try:
            found = shelf.convert(revision.path, revision.body)
        except ContentError as error:
            problem = error.problems[0]
            said = f"The revision of {revision.at:%Y-%m-%d} cannot be converted: {problem.message}"
            notes.append(Note(shelf.full(revision.path), problem.line, said, "", "revision", skipped=True))
            continue
        document = found.document
        if document.meta.key != asset.key:
            said = f"The revision of {revision.at:%Y-%m-%d} has another key, {document.meta.key}."
            notes.append(Note(shelf.full(revision.path), 1, said, "", "revision", skipped=True))
        elif document.source != before:
            before = document.source
            yield EarlierVersion(document, revision)


def _placed(asset: SourceAsset, shelf: Shelf) -> SourceAsset:
    """The asset with paths of the bundle instead of the shelf."""
    notes = tuple(_at(note, shelf.full(note.path)) for note in asset.notes)
    collection = asset.collection or shelf.collection.key
    full = shelf.full(asset.path)
    return SourceAsset(full, asset.document, collection, notes, asset.outcomes, asset.media)


def _collections_used(plan: Plan, collection: str) -> dict[str, CollectionInfo]:
    if collection:
        first = next(iter(plan.collections.values()), CollectionInfo(collection, collection))
        name = collection.replace("-", " ").capitalize()
        return {collection: plan.collections.get(collection, replace(first, key=collection, name=name))}
    used = [p.asset.collection for p in plan.assets]
    return {
        key: plan.collections.get(key, CollectionInfo(key, key.replace("-", " ").capitalize()))
        for key in dict.fromkeys(used)
    }


def _at(note: Note, path: str) -> Note:
    return Note(path, note.line, note.message, note.fix, note.code, note.skipped)


def _note(path: str, problem: Problem) -> Note:
    return Note(path, problem.line, problem.message, problem.fix, problem.code, skipped=True)


def _without_repeats(plan: Plan) -> list[PlannedAsset]:
    """Leave out all assets that share a key, and those whose key is none; say which files they are."""
    by_key: Mapping[str, list[PlannedAsset]] = defaultdict(list)
    for planned in plan.assets:
        by_key[planned.asset.key].append(planned)
    good: list[PlannedAsset] = []
    for key, group in by_key.items():
        if len(group) > 1:
            files = " and ".join(p.asset.path for p in group)
            said = f"The key {key} is given by {files}; none was imported."
            plan.notes.append(
                Note(group[1].asset.path, group[1].asset.document.line_of("key"), said,
                     "Give one of them another key.", "key.repeated", skipped=True)
            )  # fmt: skip
        elif not is_asset_key(key):
            plan.notes.append(Note(group[0].asset.path, 1, f"“{key}” is not a key.", "", "key", skipped=True))
        else:
            good.append(group[0])
    return good
