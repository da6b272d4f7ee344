"""What a format module makes of a bundle, before anything is written: shelves, assets, outcomes, notes."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assets.content import ContentError, Document, Problem


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a file. `line` is 1-based in it, 0 when it is about the whole file.

    `skipped` says that the file, or the part the note is about, was left out; `code` groups notes of one sort.
    """

    path: str
    line: int
    message: str
    fix: str = ""
    code: str = ""
    skipped: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}{f' {self.fix}' if self.fix else ''}"


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """An outcome that a bundle brings. `framework` and `parent` are keys."""

    key: str
    framework: str
    statement: str
    condition: str = ""
    measure: str = ""
    is_group: bool = False
    parent: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class FrameworkInfo:
    """A framework to be made when it is missing."""

    key: str
    name: str
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class SourceAsset:
    """One asset in our format. `path` is its file; `media` maps the names its text uses to files of the bundle."""

    path: str
    document: Document
    collection: str = ""
    notes: tuple[Note, ...] = ()
    outcomes: tuple[SourceOutcome, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The asset's key."""
        return self.document.meta.key


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of a file. `path` is where the file lies now, `former` where it lay then."""

    path: str
    former: str
    at: datetime
    author: str
    message: str
    body: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a bundle comes from: its licence, its source, and the whole text that has to stay with it."""

    licence: str = ""
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection to be made when it is missing."""

    key: str
    name: str
    attribution: Attribution = Attribution()
    description: str = ""


class Shelf(ABC):
    """A part of a bundle with one collection: a lesson, a handbook, a library."""

    def __init__(self, collection: CollectionInfo, root: str) -> None:
        self.collection = collection
        self.root = root
        self.notes: list[Note] = []

    @property
    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """The files that are assets, relative to the root."""

    @abstractmethod
    def convert(self, path: str, text: str) -> SourceAsset:
        """Turn one file into an asset. Raises ContentError. Also called for earlier revisions of the same file."""

    def more(self) -> Iterable[SourceAsset | Note]:
        """Assets that are not a file of their own (a quiz of many in one file)."""
        return ()

    def frameworks(self) -> Iterable[FrameworkInfo]:
        """The frameworks of its outcomes."""
        return ()

    def outcomes(self) -> Iterable[SourceOutcome]:
        """Outcomes that it brings whether an asset teaches them or not."""
        return ()

    def collections(self) -> Iterable[CollectionInfo]:
        """Every collection its assets belong to."""
        return (self.collection,)

    def full(self, path: str) -> str:
        """The path in the bundle of a path relative to the root."""
        return f"{self.root}/{path}" if self.root else path


def refusal(code: str, message: str, line: int, fix: str) -> ContentError:
    """A ContentError with one problem."""
    return ContentError((Problem(code, message, line, fix),))
