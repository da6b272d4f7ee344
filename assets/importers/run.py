"""Import a bundle: open it, read it, write it, say what happened. The one door for the command and for others."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from tqdm import tqdm

from assets.importers import beginners, learningops, markdown, workbench
from assets.importers.archive import Folder, open_folder
from assets.importers.plan import Plan, make_plan
from assets.importers.source import Note, Shelf
from assets.importers.store import Stored, store_plan
from assets.models import Collection
from people.models import User


class Format(Protocol):
    """A module of this package that knows a format."""

    def find_shelves(self, folder: Folder, collection: str) -> list[Shelf]:
        """The parts of a bundle; `collection` names the collection when there is only one."""


FORMATS: Final[Mapping[str, Format]] = {
    "learningops": learningops,
    "workbench": workbench,
    "beginners": beginners,
    "markdown": markdown,
}


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do."""

    plan: Plan
    stored: Stored = field(default_factory=Stored)
    dry_run: bool = False

    @property
    def skipped(self) -> list[Note]:
        """What was left out, and why."""
        return [note for note in (*self.plan.notes, *self.stored.notes) if note.skipped]

    @property
    def remarks(self) -> list[Note]:
        """What was imported but has to be looked at."""
        return [note for note in (*self.plan.notes, *self.stored.notes) if not note.skipped]

    def remark_counts(self) -> Counter[str]:
        """How many remarks there are of each sort."""
        return Counter(note.code for note in self.remarks)

    @property
    def checks(self) -> int:
        """How many checks the assets of the bundle have."""
        return sum(len(planned.asset.document.checks) for planned in self.plan.assets)

    @property
    def failed(self) -> bool:
        """Whether nothing at all could be taken from the bundle."""
        done = self.stored
        return not (self.plan.assets if self.dry_run else done.made + done.updated + done.unchanged)


def import_content(
    *,
    path: Path,
    form: str,
    collection: str = "",
    history: bool = False,
    owner: User | None = None,
    dry_run: bool = False,
    show_progress: bool = False,
) -> ImportReport:
    """Import a bundle into the library.

    Args:
        form: one of `FORMATS`.
        collection: key of the collection for everything; "" for the bundle's own.
        history: replay earlier revisions as versions.
        owner: who keeps the assets that are made, and is named as the author of versions without one.

    Raises:
        UnreadableError: the bundle is no folder or archive, or holds too much.
        ValidationError: the collection's key is none.

    One transaction; its queries are those of `store_plan`, none for a dry run.
    """
    if collection:
        Collection(key=collection, name=collection).clean_fields(exclude=["gate_settings"])
    quiet = not (show_progress and sys.stderr.isatty())

    def progress(items: Iterable[str], what: str, total: int) -> Iterable[str]:
        return tqdm(items, desc=f"Reading {what}", total=total, disable=quiet, file=sys.stderr, unit="file")

    folder = open_folder(path)
    shelves = FORMATS[form].find_shelves(folder, collection)
    plan = make_plan(folder, shelves, history=history, collection=collection, progress=progress)
    if dry_run:
        return ImportReport(plan, dry_run=True)
    total = sum(1 + len(planned.earlier) for planned in plan.assets)
    with tqdm(total=total, desc="Saving", disable=quiet, file=sys.stderr, unit="version") as bar:

        def advance(count: int) -> None:
            bar.update(count)

        stored = store_plan(
            actor=owner, plan=plan, folder=folder, collection=collection, owner=owner, advance=advance
        )  # fmt: skip
    return ImportReport(plan, stored)
