"""What a check is, once it is read."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assets.content.checks import lint
from assets.content.checks.numbers import unit_of
from assets.content.problems import Problem

CheckType = Literal["single", "multiple", "true-false", "numeric", "short", "ordering", "matching", "cloze"]
TYPES: tuple[CheckType, ...] = (
    "single",
    "multiple",
    "true-false",
    "numeric",
    "short",
    "ordering",
    "matching",
    "cloze",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the answer part.

    For single, multiple and true-false a choice to pick; for numeric and short an accepted (`right`) or an expected
    wrong answer; for ordering an item, all of them in their right order. `text` and `feedback` are Markdown. `id` is
    the same as long as the text is.
    """

    id: str
    text: str
    right: bool
    feedback: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair to match. Without a `left`, `right` is only there to choose wrongly."""

    left_id: str
    left: str
    right_id: str
    right: str
    feedback: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of a cloze, with everything that may stand in it."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A question. Lines count in the whole file and take no part in comparison: a check that moved is the same check.

    In the `prompt` (Markdown) of a cloze the gaps stand as `[[1]]`, `[[2]]`, …, never with their answers.
    """

    key: str
    type: CheckType
    prompt: str
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    gaps: tuple[Gap, ...] = ()
    outcome: str = ""
    points: int = 1
    right: str = ""
    wrong: str = ""
    first_line: int = field(default=0, compare=False)
    last_line: int = field(default=0, compare=False)

    def problems(self) -> tuple[Problem, ...]:
        """Why nobody could answer this check, or not fairly; empty when it is fine."""
        return lint.problems_of(self)

    def public(self, seed: str = "") -> dict[str, Any]:
        """The form a learner may see: no right flag, no feedback, no answer.

        Ordering and matching are shuffled by `seed` (a person and a version, say), the same each time for one seed.
        """
        shown: dict[str, Any] = {
            "key": self.key,
            "type": self.type,
            "prompt": self.prompt,
            "points": self.points,
            "outcome": self.outcome,
        }
        if self.type in {"single", "multiple", "true-false"}:
            shown["choices"] = [{"id": choice.id, "text": choice.text} for choice in self.choices]
        elif self.type == "ordering":
            items = [{"id": choice.id, "text": choice.text} for choice in self.choices]
            shown["choices"] = _shuffled(items, self.key, seed)
        elif self.type == "matching":
            shown["lefts"] = [{"id": pair.left_id, "text": pair.left} for pair in self.pairs if pair.left]
            rights = {pair.right_id: {"id": pair.right_id, "text": pair.right} for pair in self.pairs}
            shown["rights"] = _shuffled(rights.values(), self.key, seed)
        elif self.type == "cloze":
            shown["gaps"] = len(self.gaps)
        elif self.type == "numeric":
            shown["unit"] = next((unit_of(choice.text) for choice in self.choices if choice.right), "")
        return shown

    def full(self) -> dict[str, Any]:
        """Everything, right answers included, as JSON values; `from_dict` gives the check back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Check":
        """The check that `full` was called on. Raises TypeError or KeyError for anything else."""
        parts = {
            "choices": tuple(Choice(**choice) for choice in data["choices"]),
            "pairs": tuple(Pair(**pair) for pair in data["pairs"]),
            "gaps": tuple(Gap(tuple(gap["answers"])) for gap in data["gaps"]),
        }
        return cls(**{**data, **parts})


def choice_id(key: str, text: str, side: str = "") -> str:
    """8 hex digits of SHA-256 over the check's key, the side of a pair and the text: never of the position."""
    return hashlib.sha256(f"{key}\n{side}\n{' '.join(text.split())}".encode()).hexdigest()[:8]


def _shuffled(items: Iterable[dict[str, str]], key: str, seed: str) -> list[dict[str, str]]:
    def place(item: dict[str, str]) -> bytes:
        return hashlib.sha256(f"{seed}\n{key}\n{item['id']}".encode()).digest()

    return sorted(items, key=place)
