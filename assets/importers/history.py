"""Earlier revisions of files: from `versions.jsonl.gz` beside the content, or from the log of a Git checkout."""

import gzip
import json
import os
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from assets.importers.archive import MAX_TOTAL, Folder
from assets.importers.source import Note, Revision, Shelf

FILE: Final = "versions.jsonl.gz"
GIT_SECONDS: Final = 300
MAX_TEXT: Final = 1_048_576

History = Mapping[str, list[Revision]]


def read_history(folder: Folder, shelf: Shelf, notes: list[Note]) -> History:
    """The revisions of a shelf's files, oldest first, by their path now. Empty, with a note, when there are none."""
    above = shelf.root.rpartition("/")[0]
    for path in (shelf.full(FILE), f"{above}/{FILE}" if above else FILE):
        if path in folder:
            return _read_lines(path, folder.read(path), notes)
    if folder.directory is not None:
        return _read_git(folder.directory / shelf.root, shelf.root, notes)
    said = f"There is no {FILE} beside the content and it is no Git checkout: no history."
    notes.append(Note(shelf.root or folder.name, 0, said, "Import without --history, or give a checkout.", "history"))
    return {}


def _read_lines(path: str, data: bytes, notes: list[Note]) -> History:
    found: dict[str, list[Revision]] = defaultdict(list)
    try:
        with gzip.open(BytesIO(data)) as file:
            unpacked = file.read(MAX_TOTAL + 1)
    except (OSError, EOFError, zlib.error) as error:
        notes.append(Note(path, 0, f"It cannot be unpacked: {error}.", "Pack it again.", "history", skipped=True))
        return {}
    if len(unpacked) > MAX_TOTAL:
        said = f"It unpacks to more than {MAX_TOTAL:,} bytes."
        notes.append(Note(path, 0, said, "Split it.", "history", skipped=True))
        return {}
    for number, line in enumerate(unpacked.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            revision = _revision(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            said = f"The revision cannot be read: {error}."
            notes.append(Note(path, number, said, "Correct the line.", "revision", skipped=True))
            continue
        found[revision.path].append(revision)
    return found


def _revision(row: Mapping[str, Any]) -> Revision:
    at = datetime.fromisoformat(row["date"])
    body = row["body"]
    if not isinstance(body, str):
        raise TypeError("it has no text")
    return Revision(
        path=str(row["asset"]),
        former=str(row.get("path", row["asset"])),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        author=str(row.get("author", ""))[:160],
        message=str(row.get("subject", ""))[:300],
        body=body,
    )


# Nothing that a checkout's own configuration names may run: no hooks, no monitor, no signatures, no filters.
_GIT: Final = (
    "git", "--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
    "-c", "log.showSignature=false", "-c", "core.quotePath=false", "-c", "core.attributesFile=/dev/null",
)  # fmt: skip


def _run_git(place: Path, arguments: Sequence[str], given: bytes = b"") -> bytes:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0",
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - a fixed program and arguments of ours, no shell
        [*_GIT, "-C", str(place), *arguments],
        input=given, capture_output=True, check=True, timeout=GIT_SECONDS, env=environment,
    )  # fmt: skip
    return done.stdout


def _read_git(place: Path, root: str, notes: list[Note]) -> History:
    try:
        prefix = _run_git(place, ["rev-parse", "--show-prefix"]).decode().strip()
        log = _run_git(
            place,
            ["log", "--reverse", "-z", "-M", "--name-status", "--relative", "--no-ext-diff", "--no-textconv",
             "--format=%x01%H%x02%aI%x02%an%x02%s", "--", "."],
        )  # fmt: skip
        return _with_bodies(place, prefix, _follow(log.decode("utf-8", "replace")), notes)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", b"") or str(error).encode()
        said = f"Git cannot read the history: {told.decode('utf-8', 'replace').strip().splitlines()[0][:200]}."
        notes.append(Note(root or place.name, 0, said, "Import without --history, or give a checkout.", "history"))
        return {}


_Commit = tuple[str, str, str, str]  # sha, date, author, subject


def _follow(log: str) -> dict[str, list[tuple[_Commit, str]]]:
    """The commits that changed each file that is there now, with the path it had then; renames are followed."""
    chains: dict[str, list[tuple[_Commit, str]]] = {}
    for commit, status, old, new in _changes(log):
        if status == "D":
            chains.pop(old, None)
        elif status == "R":
            chains[new] = [*chains.pop(old, []), (commit, new)]
        else:
            chains.setdefault(new, []).append((commit, new))
    return chains


def _changes(log: str) -> Iterator[tuple[_Commit, str, str, str]]:
    commit: _Commit = ("", "", "", "")
    parts = iter(log.split("\0"))
    for raw in parts:
        part = raw.lstrip("\n")
        if part.startswith("\x01"):
            sha, date, author, subject = [*part[1:].split("\x02", 3), "", "", ""][:4]
            commit = (sha, date, author, subject.partition("\n")[0])
        elif part:
            status, old = part[0], next(parts, "")
            new = next(parts, "") if status in "RC" else old
            yield commit, status, old, new


def _with_bodies(
    place: Path, prefix: str, chains: Mapping[str, list[tuple[_Commit, str]]], notes: list[Note]
) -> History:
    wanted = [(path, commit, then) for path, chain in chains.items() if path.endswith(".md") for commit, then in chain]
    asked = "".join(f"{commit[0]}:{prefix}{then}\n" for _path, commit, then in wanted)
    answer = BytesIO(_run_git(place, ["cat-file", "--batch"], asked.encode()))
    found: dict[str, list[Revision]] = defaultdict(list)
    for path, (_sha, date, author, subject), then in wanted:
        words = answer.readline().split()
        if len(words) != 3:
            continue
        data = answer.read(int(words[2]))
        answer.read(1)
        try:
            body = data.decode() if len(data) <= MAX_TEXT else ""
        except UnicodeDecodeError:
            body = ""
        if body:
            found[path].append(Revision(path, then, datetime.fromisoformat(date), author[:160], subject[:300], body))
        else:
            said = f"The revision of {date} is not UTF-8 or is larger than 1 MB."
            notes.append(Note(path, 0, said, "", "revision", skipped=True))
    return found
