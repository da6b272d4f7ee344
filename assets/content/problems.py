"""What is wrong with a text, said with its place and a way out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `line` is 1-based and counts in the whole file, front matter included; `code` is stable, for filters and tests.
    """

    code: str
    message: str
    line: int
    fix: str


class ContentError(ValueError):
    """A text that is not a document. Holds every problem that was found, in the order of their lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"line {p.line}: {p.message}" for p in problems))
        self.problems = problems


class ResponseError(ValueError):
    """An answer that cannot be graded. Its text is a sentence for the person who gave it."""
