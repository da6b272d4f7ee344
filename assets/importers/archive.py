"""Read a folder, a .tar(.gz) or a .zip without trusting it. Nothing is ever unpacked to disk.

Refused are names that are absolute or climb out, links, devices, encrypted members, members that are too large, and
archives that hold too much. One refused member does not stop the rest; too much in all does.
"""

import gzip
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from assets.importers.source import Note

MAX_FILES: Final = 20_000
MAX_FILE: Final = 25 * 1024 * 1024
MAX_TOTAL: Final = 512 * 1024 * 1024
MAX_RATIO: Final = 200
MAX_NAME: Final = 400

_DRIVE = re.compile(r"[A-Za-z]:")
_IGNORED = frozenset({".git", ".hg", ".svn", "node_modules", "__MACOSX", ".venv"})


class UnreadableError(ValueError):
    """The whole bundle cannot be read. Its text is a sentence that says why and what to do."""


class Folder:
    """The files of a bundle by path, with `/` between parts; what was refused is in `notes`."""

    def __init__(self, name: str, directory: Path | None = None) -> None:
        self.name = name
        self.directory = directory
        self.notes: list[Note] = []
        self._sizes: dict[str, int] = {}
        self._kept: dict[str, bytes] = {}
        self._paths: tuple[str, ...] | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that can be read, sorted."""
        if self._paths is None:
            self._paths = tuple(sorted(self._sizes))
        return self._paths

    def __contains__(self, path: str) -> bool:
        return path in self._sizes

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError for one that is not there, OSError when it cannot be read."""
        if self.directory is None:
            return self._kept[path]
        self._sizes[path]
        with (self.directory / path).open("rb") as file:
            return file.read(MAX_FILE + 1)

    def under(self, root: str) -> Iterator[str]:
        """The files below `root`, relative to it."""
        prefix = f"{root}/" if root else ""
        return (path.removeprefix(prefix) for path in self.paths if path.startswith(prefix))

    def add(self, path: str, size: int, data: bytes | None = None) -> None:
        """Take a file in. Raises UnreadableError when the bundle then holds too much."""
        if len(self._sizes) >= MAX_FILES:
            raise UnreadableError(f"{self.name} holds more than {MAX_FILES:,} files. Import it in parts.")
        self._sizes[path] = size
        if data is not None:
            self._kept[path] = data
        self._paths = None

    def refuse(self, path: str, message: str, fix: str) -> None:
        """Say that a file was left out."""
        self.notes.append(Note(path[:MAX_NAME], 0, message, fix, "archive", skipped=True))

    def refuse_size(self, path: str, size: int) -> None:
        """Say that a file was left out because it is too large."""
        said = f"The file has {size:,} bytes; {MAX_FILE:,} are the most."
        self.refuse(path, said, "Make it smaller, or split it into several assets.")


def open_folder(path: Path) -> Folder:
    """Read what a bundle holds. `path` is a folder, a .tgz, .tar.gz, .tar or a .zip.

    Raises UnreadableError when it is none of these, is damaged or holds too much.
    """
    if path.is_dir():
        return _read_directory(path)
    if not path.is_file():
        raise UnreadableError(f"There is no file or folder {path}. Check the path.")
    try:
        if zipfile.is_zipfile(path):
            return _read_zip(path)
        return _read_tar(path)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        said = f"{path.name} is not a .tgz, .tar or .zip that can be read: {error}."
        raise UnreadableError(f"{said} Pack it again, or give a folder.") from error


def _read_directory(root: Path) -> Folder:
    folder = Folder(root.resolve().name, root)
    for place, directories, names in os.walk(root):
        directories[:] = sorted(d for d in directories if d not in _IGNORED)
        for name in sorted([*names, *(d for d in directories if (Path(place) / d).is_symlink())]):
            file = Path(place) / name
            path = file.relative_to(root).as_posix()
            state = file.lstat()
            if stat.S_ISLNK(state.st_mode):
                folder.refuse(path, "It is a link.", "Put the file itself there.")
            elif not stat.S_ISREG(state.st_mode):
                folder.refuse(path, "It is not a file.", "Remove it.")
            elif state.st_size > MAX_FILE:
                folder.refuse_size(path, state.st_size)
            else:
                folder.add(path, state.st_size)
    return folder


class _Bounded:
    """A stream that ends in an error when more than `MAX_TOTAL` bytes come out of it."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = MAX_TOTAL

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError(f"{self._name} unpacks to more than {MAX_TOTAL:,} bytes. Import it in parts.")
        return data


def _read_tar(path: Path) -> Folder:
    folder = Folder(path.name)
    with path.open("rb") as raw, _unzipped(raw) as stream:
        bounded = _Bounded(stream, path.name)
        with tarfile.open(fileobj=bounded, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                _take_tar(folder, archive, member)
    return folder


def _unzipped(raw: IO[bytes]) -> IO[bytes]:
    head = raw.read(2)
    raw.seek(0)
    return gzip.open(raw, "rb") if head == b"\x1f\x8b" else raw  # type: ignore[return-value]


def _take_tar(folder: Folder, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    if member.isdir():
        return
    path = _safe(folder, member.name)
    if path is None:
        return
    if not member.isreg():
        folder.refuse(path, "It is a link or a device.", "Put the file itself into the archive.")
    elif member.size > MAX_FILE:
        folder.refuse_size(path, member.size)
    else:
        file = archive.extractfile(member)
        data = file.read() if file else b""
        folder.add(path, len(data), data)


def _read_zip(path: Path) -> Folder:
    folder = Folder(path.name)
    total = 0
    with zipfile.ZipFile(path) as archive:
        members: Mapping[str, zipfile.ZipInfo] = {m.filename: m for m in archive.infolist()}
        for name, member in members.items():
            if member.is_dir():
                continue
            safe = _safe(folder, name)
            if safe is None or not _takes_zip(folder, safe, member):
                continue
            with archive.open(member) as file:
                data = file.read(MAX_FILE + 1)
            total += len(data)
            if total > MAX_TOTAL:
                raise UnreadableError(f"{path.name} unpacks to more than {MAX_TOTAL:,} bytes. Import it in parts.")
            if len(data) > MAX_FILE:
                folder.refuse_size(safe, len(data))
            else:
                folder.add(safe, len(data), data)
    return folder


def _takes_zip(folder: Folder, path: str, member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        folder.refuse(path, "It is a link or a device.", "Put the file itself into the archive.")
    elif member.flag_bits & 1:
        folder.refuse(path, "It is encrypted.", "Pack it without a password.")
    elif member.file_size > MAX_FILE:
        folder.refuse_size(path, member.file_size)
    elif member.file_size > MAX_RATIO * max(member.compress_size, 1_024):
        said = f"It unpacks to more than {MAX_RATIO} times its size."
        folder.refuse(path, said, "Pack it again without a filler.")
    else:
        return True
    return False


def _safe(folder: Folder, name: str) -> str | None:
    """The member's path without a leading `./`; None, with a note, when it does not stay inside."""
    path = name.removeprefix("./")
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or _DRIVE.match(path) or ".." in parts or "\0" in path:
        folder.refuse(
            name, "Its name leads out of the archive; it was not read.", "Pack it again from inside its folder."
        )
        return None
    if len(path) > MAX_NAME or not path:
        folder.refuse(name, f"Its name is empty or longer than {MAX_NAME} characters.", "Give it a shorter name.")
        return None
    if path in folder:
        folder.refuse(path, "The archive holds this name twice; the first was taken.", "Keep one of them.")
        return None
    return None if _IGNORED & set(parts) else path
