"""Our own format: a folder of asset files, and `library.json` with what no single file says."""

import json
import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

from assets.content import parse
from assets.content.keys import is_asset_key
from assets.importers.archive import Folder
from assets.importers.source import (
    Attribution,
    CollectionInfo,
    FrameworkInfo,
    Note,
    Shelf,
    SourceAsset,
    SourceOutcome,
)
from assets.importers.texts import ENDINGS, find_attribution, find_media, root_name

LIBRARY = "library.json"


class LearningOpsShelf(Shelf):
    """A folder in our format. A file's bytes become the version's text as they are."""

    def __init__(self, folder: Folder, root: str, key: str) -> None:
        name = key.replace("-", " ").capitalize()
        super().__init__(CollectionInfo(key, name, find_attribution(folder, root, key)), root)
        self.folder = folder
        self.library = self._read_library()
        self._collections: Mapping[str, CollectionInfo] = {
            row["key"]: CollectionInfo(
                row["key"], row["name"], Attribution(row["licence"], "", row["attribution"]), row["description"]
            )
            for row in self.library.get("collections", ())
        }
        self._assets: Mapping[str, dict[str, Any]] = self.library.get("assets", {})
        self._outcomes = _outcomes(self.library)

    def _read_library(self) -> dict[str, Any]:
        if self.full(LIBRARY) not in self.folder:
            return {}
        try:
            found = json.loads(self.folder.read(self.full(LIBRARY)))
            return found if isinstance(found, dict) else {}
        except ValueError as error:
            self.notes.append(
                Note(self.full(LIBRARY), getattr(error, "lineno", 0), "It is not JSON that can be read.",
                     "Export the library again, or delete the file.", "library", skipped=True)
            )  # fmt: skip
            return {}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every Markdown file but the notices of the repository."""
        return tuple(path for path in self.folder.under(self.root) if _is_asset_file(path))

    def convert(self, path: str, text: str) -> SourceAsset:
        """Parse strictly. Raises ContentError with the file's own lines."""
        document = parse(text)
        row = self._assets.get(document.meta.key, {})
        media, notes = find_media(document, path, self.folder, self.root)
        media |= {name: self.full(file) for name, file in row.get("media", {}).items()}
        known = [note for note in notes if not any(name in note.message for name in row.get("media", {}))]
        return SourceAsset(
            path, document, row.get("collection", "") or document.meta.collection or self.collection.key,
            tuple(known), tuple(self._outcomes[k] for k in document.meta.outcomes if k in self._outcomes), media,
        )  # fmt: skip

    def frameworks(self) -> Iterable[FrameworkInfo]:
        """Those of library.json."""
        for row in self.library.get("frameworks", ()):
            yield FrameworkInfo(row["key"], row["name"], row.get("source", ""), row.get("licence", ""))

    def outcomes(self) -> Iterable[SourceOutcome]:
        """Those of library.json, a parent before what is part of it."""
        return self._outcomes.values()

    def collections(self) -> Iterable[CollectionInfo]:
        """Those of library.json, then the default one."""
        return (*self._collections.values(), self.collection)


def _outcomes(library: Mapping[str, Any]) -> dict[str, SourceOutcome]:
    return {
        row["key"]: SourceOutcome(
            row["key"], framework["key"], row["statement"], row.get("condition", ""), row.get("measure", ""),
            bool(row.get("is_group")), row.get("parent", ""), int(row.get("position", 0)),
        )
        for framework in library.get("frameworks", ())
        for row in framework["outcomes"]
        if is_asset_key(row["key"])
    }  # fmt: skip


def _is_asset_file(path: str) -> bool:
    name = posixpath.basename(path)
    hidden = any(part.startswith((".", "_")) for part in path.split("/"))
    return path.endswith(ENDINGS) and not hidden and not posixpath.splitext(name)[0].isupper()


def find_shelves(folder: Folder, collection: str) -> list[Shelf]:
    """One shelf: the folder that holds library.json, or the whole bundle."""
    roots = [posixpath.dirname(path) for path in folder.paths if posixpath.basename(path) == LIBRARY] or [""]
    root = min(roots, key=len)
    return [LearningOpsShelf(folder, root, collection or root_name(folder, root))]
