"""What a gate says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise

from assets.gates.candidate import Candidate

Severity = Literal["blocks", "warns"]
BLOCKS: Final = "blocks"
WARNS: Final = "warns"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a gate found in a text.

    `code` is the gate's; `line` is 1-based and counts in the whole file, None when it is not about one place;
    `fix` says what to do.
    """

    code: str
    severity: Severity
    message: str
    line: int | None
    fix: str

    @property
    def blocks(self) -> bool:
        """Whether a version with this finding cannot be released without a waiver."""
        return self.severity == BLOCKS


@dataclass(frozen=True, slots=True)
class Found:
    """What a gate's check yields; the gate's code is added, and its severity unless this one has its own."""

    message: str
    line: int | None
    fix: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One content test: a stable code, a name for settings pages, a default severity and the test itself."""

    code: str
    title: Promise
    severity: Severity
    check: Callable[[Candidate], Iterable[Found]]
