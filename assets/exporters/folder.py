"""The library as a folder: a file per asset with the bytes as they were saved, and `library.json` for the rest.

`import_content --format learningops` reads it back; exporting that again gives the same bytes.
"""

import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from assets.actions.media import path_of
from assets.content import encode
from assets.importers.history import FILE as HISTORY_FILE
from assets.importers.learningops import LIBRARY
from assets.models import Asset, Collection, Framework, Media, Outcome, Version

MEDIA_FOLDER: Final = "_media"


class NotEmptyError(ValueError):
    """The folder holds files that are not from an export."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How much was written. `without_version` are keys of assets that only have a draft."""

    assets: int
    versions: int
    media: int
    without_version: tuple[str, ...]


def export_content(*, target: Path, collections: Iterable[str] = (), history: bool = False) -> ExportReport:
    """Write the newest version of every asset to `target`.

    Args:
        collections: keys of the collections to write; none means all.
        history: also write every version, with its date, author and message, to versions.jsonl.gz.

    Raises NotEmptyError when `target` holds something and no library.json. 6 queries, 7 with history.
    """
    if target.exists() and any(target.iterdir()) and not (target / LIBRARY).exists():
        raise NotEmptyError(f"{target} is not empty and holds no {LIBRARY}. Give an empty folder.")
    target.mkdir(parents=True, exist_ok=True)
    assets = Asset.objects.select_related("collection").order_by("key")
    wanted = tuple(collections)
    if wanted:
        assets = assets.filter(collection__key__in=wanted)
    rows = {asset.pk: asset for asset in assets}
    newest = _newest_sources(rows)
    for pk, source in newest.items():
        _write(target / path_for(rows[pk].key), encode(source))
    media = _write_media(target, rows)
    library = _library(rows, newest, media)
    _write(target / LIBRARY, (json.dumps(library, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())
    versions = _write_history(target, rows) if history else 0
    alone = tuple(asset.key for pk, asset in rows.items() if pk not in newest)
    return ExportReport(len(newest), versions, sum(map(len, media.values())), alone)


def path_for(key: str) -> str:
    """The file of an asset in an export."""
    return f"{key}.md"


def _newest_sources(rows: Mapping[int, Asset]) -> dict[int, str]:
    found = (
        Version.objects.filter(asset__in=rows.keys())
        .order_by("asset_id", "-number")
        .distinct("asset_id")
        .values_list("asset_id", "source")
    )
    return dict(found)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_media(target: Path, rows: Mapping[int, Asset]) -> dict[str, dict[str, str]]:
    """Copy the files that assets show. Asset key → name in the text → path in the folder."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for media in Media.objects.filter(asset__in=rows.keys()).order_by("asset__key", "name"):
        ending = media.name.rpartition(".")[2].lower() if "." in media.name else "bin"
        path = f"{MEDIA_FOLDER}/{media.file_id}.{ending}"
        source = path_of(media.file_id)
        if source.exists():
            _write(target / path, source.read_bytes())
            found[rows[media.asset_id].key][media.name] = path
    return found


def _library(
    rows: Mapping[int, Asset], newest: Mapping[int, str], media: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    collection_ids = {rows[pk].collection_id for pk in newest}
    used = Collection.objects.filter(pk__in=collection_ids).order_by("key")
    return {
        "assets": {
            rows[pk].key: {"collection": rows[pk].collection.key, "media": dict(media.get(rows[pk].key, {}))}
            for pk in newest
        },
        "collections": [
            {
                "key": c.key, "name": c.name, "description": c.description, "licence": c.licence,
                "attribution": c.attribution,
            }
            for c in used
        ],
        "frameworks": _frameworks(newest),
    }  # fmt: skip


def _frameworks(newest: Mapping[int, str]) -> list[dict[str, Any]]:
    """The frameworks whose outcomes the assets teach, whole: a tree with holes would mean something else."""
    frameworks = Framework.objects.filter(outcomes__in_versions__version__asset__in=newest.keys()).distinct()
    found = list(frameworks.order_by("key"))
    outcomes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Outcome.objects.filter(framework__in=found).select_related("parent").order_by("position", "key")
    for outcome in rows:
        outcomes[outcome.framework_id].append(
            {
                "key": outcome.key, "statement": outcome.statement, "condition": outcome.condition,
                "measure": outcome.measure, "is_group": outcome.is_group, "position": outcome.position,
                "parent": outcome.parent.key if outcome.parent else "",
            }
        )  # fmt: skip
    return [
        {"key": f.key, "name": f.name, "source": f.source, "licence": f.licence, "outcomes": outcomes[f.pk]}
        for f in found
    ]


def _write_history(target: Path, rows: Mapping[int, Asset]) -> int:
    """Every version as a line of JSON, oldest first for each asset. The same versions give the same bytes. 1 query."""
    buffer = io.BytesIO()
    count = 0
    versions = Version.objects.filter(asset__in=rows.keys()).select_related("author").order_by("asset__key", "number")
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as file:
        for version in versions.defer("text", "search").iterator(chunk_size=500):
            count += 1
            line = json.dumps(_line(rows[version.asset_id].key, version), ensure_ascii=False, sort_keys=True)
            file.write(line.encode() + b"\n")
    _write(target / HISTORY_FILE, buffer.getvalue())
    return count


def _line(key: str, version: Version) -> dict[str, Any]:
    author = version.author_name
    if not author and version.author:
        author = version.author.get_full_name() or version.author.username
    return {
        "asset": path_for(key), "path": path_for(key), "seq": version.number, "author": author,
        "date": version.created_at.astimezone(UTC).isoformat(), "subject": version.message, "body": version.source,
    }  # fmt: skip
