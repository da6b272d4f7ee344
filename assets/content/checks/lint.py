"""Why a check cannot be answered. Findings for gates: a draft may hold such a check, a release may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from assets.content.checks.numbers import Accepted, read_accepted
from assets.content.checks.patterns import accepts, compile_pattern, is_pattern, normalise
from assets.content.problems import Problem

if TYPE_CHECKING:
    from assets.content.checks.model import Check, Choice

Found = list[Problem]


def problems_of(check: Check) -> tuple[Problem, ...]:
    """Everything that keeps a person from answering `check` rightly, with its line."""
    found: Found = []
    if not check.prompt.strip():
        said = f"The check {check.key} asks nothing."
        found.append(Problem("check.empty-prompt", said, check.first_line, "Write the question above the answers."))
    _RULES[check.type](check, found)
    return tuple(found)


def _choices(check: Check, found: Found) -> None:
    if check.type == "true-false" and len(check.choices) != 2:
        _add(found, check, "few-choices", f"has {len(check.choices)} choices", "Give two: - [x] True and - [ ] False.")
    elif len(check.choices) < 2:
        _add(found, check, "few-choices", "leaves no choice", "Give at least two lines - [ ] and - [x].")
    _repeats(check, [(choice.text, choice.line) for choice in check.choices], found)
    _empty(check.choices, found)
    right = [choice for choice in check.choices if choice.right]
    if not right:
        _add(found, check, "no-answer", "has no right answer", "Mark the right one with - [x].")
    elif len(right) > 1 and check.type != "multiple":
        said = f"has {len(right)} right answers, on lines {', '.join(str(choice.line) for choice in right)}"
        _add(found, check, "two-answers", said, "Leave one [x], or make the check multiple.", right[1].line)


def _numeric(check: Check, found: Found) -> None:
    right: list[Accepted] = []
    _needs_right(check, found)
    for choice in check.choices:
        accepted = read_accepted(choice.text)
        if accepted is None:
            said = f"cannot read “{choice.text[:40]}” as a number"
            _add(found, check, "number", said, "Write 200, 200 ± 5, 200 ± 2% or 150..250, and a unit.", choice.line)
        elif accepted.low > accepted.high:
            said = f"accepts nothing by “{choice.text[:40]}”"
            _add(
                found,
                check,
                "tolerance",
                said,
                "Put the smaller number first; a tolerance is not negative.",
                choice.line,
            )
        elif choice.right:
            right.append(accepted)
        elif any(good.low <= accepted.low and accepted.high <= good.high for good in right):
            _add(
                found, check, "contradiction", f"calls “{choice.text[:40]}” right and wrong", "Narrow one.", choice.line
            )


def _short(check: Check, found: Found) -> None:
    _needs_right(check, found)
    _empty(check.choices, found)
    _repeats(check, [(choice.text, choice.line) for choice in check.choices], found)
    for choice in check.choices:
        if is_pattern(choice.text) and compile_pattern(choice.text) is None:
            said = f"has a pattern that cannot be read: {choice.text[:60]}"
            _add(found, check, "pattern", said, "Use RE2 syntax (no look-around, no back-references).", choice.line)
        elif is_pattern(choice.text) and choice.right and accepts(choice.text, ""):
            _add(found, check, "pattern", "accepts an empty answer", "Make the pattern ask for a letter.", choice.line)


def _ordering(check: Check, found: Found) -> None:
    if len(check.choices) < 2:
        _add(
            found, check, "few-choices", "has nothing to order", "Give at least two lines 1. and 2. in the right order."
        )
    _repeats(check, [(choice.text, choice.line) for choice in check.choices], found)
    _empty(check.choices, found)


def _matching(check: Check, found: Found) -> None:
    lefts = [pair for pair in check.pairs if pair.left]
    if len(lefts) < 2:
        _add(found, check, "few-choices", "has fewer than two pairs", "Give at least two lines - left => right.")
    _repeats(check, [(pair.left, pair.line) for pair in lefts], found)
    for pair in check.pairs:
        if not pair.right:
            said = f"has nothing on the right of “{pair.left[:40]}”"
            _add(found, check, "empty-choice", said, "Write what it belongs to behind =>.", pair.line)


def _cloze(check: Check, found: Found) -> None:
    if not check.gaps:
        _add(found, check, "no-answer", "has no gap", "Write the word to fill in as [[word]] or [[word|other word]].")
    for number, gap in enumerate(check.gaps, 1):
        if not gap.answers:
            _add(found, check, "empty-choice", f"accepts nothing in gap {number}", "Write [[word]].")


def _needs_right(check: Check, found: Found) -> None:
    if not any(choice.right for choice in check.choices):
        _add(found, check, "no-answer", "has no right answer", "Add a line - [x] with the answer.")


def _empty(choices: Iterable[Choice], found: Found) -> None:
    found.extend(
        Problem("check.empty-choice", "A choice has no text.", choice.line, "Write it, or delete the line.")
        for choice in choices
        if not choice.text.strip()
    )


def _repeats(check: Check, texts: list[tuple[str, int]], found: Found) -> None:
    first: dict[str, int] = {}
    for text, line in texts:
        folded = text if is_pattern(text) or "`" in text else normalise(text)
        if folded and folded in first:
            said = f"gives “{text[:40]}” twice, on lines {first[folded]} and {line}"
            _add(found, check, "duplicate-choice", said, "Change or delete one.", line)
        first.setdefault(folded, line)


def _add(found: Found, check: Check, code: str, said: str, fix: str, line: int = 0) -> None:  # noqa: PLR0917
    found.append(Problem(f"check.{code}", f"The check {check.key} {said}.", line or check.first_line, fix))


_RULES: Mapping[str, Callable[[Check, Found], None]] = {
    "single": _choices,
    "multiple": _choices,
    "true-false": _choices,
    "numeric": _numeric,
    "short": _short,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
}
