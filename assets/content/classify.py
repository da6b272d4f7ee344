"""Editorial or material: does evidence given on the old version still stand? When in doubt it is material."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from assets.content.checks.model import Check
from assets.content.checks.numbers import read_accepted
from assets.content.diff import CheckChange, Diff
from assets.content.document import Document
from assets.content.markdown import text_of
from assets.content.outline import Block

# Typography: kinds of quotes, dashes and spaces, and marks of emphasis. Not letters, not case, not digits.
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-"}
)
_EMPHASIS = re.compile(r"[*_`]")
_DASHES = re.compile(r"\s*-+\s*")
_NUMBER = re.compile(r"\d(?:[\d.,:'\u00a0\u202f]*\d)?")
_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|half|quarter|twice|double|dozen)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change is material: a stable code, a sentence, the line in the new file (0 when it is gone)."""

    code: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """The class of a change, inferred. An author can raise it to material, never lower it."""

    kind: Literal["editorial", "material"]
    reasons: tuple[Reason, ...]
    touched_checks: tuple[str, ...]
    touched_outcomes: tuple[str, ...]


def classify(diff: Diff) -> ChangeClass:
    """Infer the class of a change.

    Material: a check added, removed, or changed in its type, its answer, or the words of its prompt or choices; an
    outcome or a pathway's item; a numbered step or a number of the body. Feedback and wording are editorial.
    """
    checks = {change.key: reason for change in diff.checks if (reason := _check_reason(change))}
    body = [*_outcome_reasons(diff), *_step_reasons(diff), *_number_reasons(diff)]
    reasons = (*body, *checks.values())
    outcomes = dict.fromkeys([*diff.outcomes_added, *diff.outcomes_removed])
    for change in diff.checks:
        if change.key in checks:
            outcomes |= dict.fromkeys(_outcomes_of(change, diff))
    if any(reason.code != "outcome" for reason in body):
        outcomes |= dict.fromkeys(diff.new.meta.outcomes)
    return ChangeClass("material" if reasons else "editorial", reasons, tuple(checks), tuple(outcomes))


def plain(text: str) -> str:
    """`text` without its typography: quotes, dashes, spaces and emphasis folded."""
    folded = _EMPHASIS.sub("", unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY))
    return " ".join(_DASHES.sub(" - ", folded).split())


def _outcomes_of(change: CheckChange, diff: Diff) -> Iterator[str]:
    for check, document in ((change.old, diff.old), (change.new, diff.new)):
        if check:
            yield from (check.outcome,) if check.outcome else document.meta.outcomes


def _check_reason(change: CheckChange) -> Reason | None:
    old, new = change.old, change.new
    if old is None or new is None:
        line = new.first_line if new else 0
        return Reason(f"check.{change.state}", f"The check {change.key} was {change.state}.", line)
    for name, code in (("type", "type"), ("outcome", "outcome")):
        if getattr(old, name) != getattr(new, name):
            return Reason(f"check.{code}", f"The {name} of the check {change.key} changed.", new.first_line)
    if _answer(old) != _answer(new):
        return Reason("check.answer", f"The right answer of the check {change.key} changed.", new.first_line)
    if plain(old.prompt) != plain(new.prompt):
        return Reason("check.prompt", f"The question of the check {change.key} changed.", new.first_line)
    if _offered(old) != _offered(new):
        return Reason("check.choices", f"The choices of the check {change.key} changed.", new.first_line)
    return None


def _answer(check: Check) -> object:
    right = [_answer_text(check, choice.text) for choice in check.choices if choice.right]
    pairs = frozenset((plain(pair.left), plain(pair.right)) for pair in check.pairs if pair.left)
    gaps = tuple(frozenset(plain(answer) for answer in gap.answers) for gap in check.gaps)
    return (tuple(right) if check.type == "ordering" else Counter(right)), pairs, gaps


def _answer_text(check: Check, text: str) -> object:
    if check.type == "numeric":
        return read_accepted(text) or text
    return text if check.type == "short" else plain(text)


def _offered(check: Check) -> object:
    choices = Counter(_answer_text(check, choice.text) for choice in check.choices)
    return choices, frozenset(plain(pair.right) for pair in check.pairs)


def _outcome_reasons(diff: Diff) -> Iterator[Reason]:
    line = diff.new.line_of("outcomes")
    for key in diff.outcomes_added:
        yield Reason("outcome", f"The outcome {key} was added.", line)
    for key in diff.outcomes_removed:
        yield Reason("outcome", f"The outcome {key} was removed.", line)
    if diff.old.meta.kind != diff.new.meta.kind:
        said = f"The kind changed from {diff.old.meta.kind} to {diff.new.meta.kind}."
        yield Reason("kind", said, diff.new.line_of("kind"))
    if diff.old.meta.items != diff.new.meta.items:
        yield Reason("items", "The items of the pathway changed.", diff.new.line_of("items"))


def _step_reasons(diff: Diff) -> Iterator[Reason]:
    if all(change.state == "same" for change in diff.blocks):
        return
    old, new = _steps(diff.old), _steps(diff.new)
    if [text for text, _ in old] == [text for text, _ in new]:
        return
    was = Counter(text for text, _ in old)
    for text, line in new:
        if was[text]:
            was[text] -= 1
        else:
            yield Reason("step", f"A step changed: “{text[:80]}”", line)
    left = [text for text, count in was.items() if count]
    if len(old) > len(new):
        yield from (Reason("step", f"A step is gone or changed: “{text[:80]}”") for text in left)
    elif not left and Counter(text for text, _ in old) == Counter(text for text, _ in new):
        yield Reason("step", "The steps stand in another order.", new[0][1])


def _steps(document: Document) -> list[tuple[str, int]]:
    """The items of numbered lists, wherever they stand, with their lines; a nested list belongs to its item too."""
    found: list[tuple[str, int]] = []
    open_items: list[tuple[list[str], int] | None] = []
    lists: list[bool] = []
    for token in document.tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append(token.type == "ordered_list_open")
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            open_items.append(([], document.body_line + (token.map or [0])[0]) if lists and lists[-1] else None)
        elif token.type == "list_item_close":
            item = open_items.pop()
            if item:
                found.append((plain(" ".join(item[0])), item[1]))
        elif token.type == "inline" or token.type in {"fence", "code_block"}:
            text = text_of(token) if token.type == "inline" else token.content
            for item in open_items:
                if item:
                    item[0].append(text)
    return found


def _number_reasons(diff: Diff) -> Iterator[Reason]:
    gone: list[str] = []
    come: list[tuple[str, int]] = []
    olds, news = _Words(diff.old), _Words(diff.new)
    for change in diff.blocks:
        if change.state == "same" or change.block.kind == "check":
            continue
        old, new = olds.numbers(change.old), news.numbers(change.new)
        if change.state == "changed" and old != new:
            said = f"A number changed: {_list(old)} became {_list(new)}."
            yield Reason("number", said, change.block.first)
        elif change.state == "removed":
            gone += old
        elif change.state == "added":
            come += [(number, change.block.first) for number in new]
    was, now = Counter(gone), Counter(number for number, _ in come)
    for number, line in come:
        if now[number] > was[number]:
            now[number] -= 1
            yield Reason("number", f"A number was added: {number}.", line)
    yield from (Reason("number", f"A number is gone: {number}.") for number in (was - Counter(n for n, _ in come)))


class _Words:
    """The words of a body by line: not those of addresses, and not the ordinals of a list."""

    def __init__(self, document: Document) -> None:
        spoken = [token for token in document.tokens if token.map and token.type in _SPOKEN]
        found = [(document.body_line + token.map[0], _SPOKEN[token.type](token)) for token in spoken if token.map]
        self.texts = sorted(found, key=lambda one: one[0])
        self.lines = [line for line, _ in self.texts]

    def numbers(self, block: Block | None) -> list[str]:
        """The numbers in a block, in order."""
        if block is None:
            return []
        start, stop = bisect_left(self.lines, block.first), bisect_left(self.lines, block.last + 1)
        text = unicodedata.normalize("NFKC", "\n".join(text for _, text in self.texts[start:stop]))
        found = [(m.start(), m[0].replace(",", "").replace("'", "")) for m in _NUMBER.finditer(text)]
        found += [(m.start(), m[0].casefold()) for m in _NUMBER_WORD.finditer(text)]
        return [number for _, number in sorted(found)]


def _content(token: Token) -> str:
    return token.content


_SPOKEN: dict[str, Callable[[Token], str]] = {
    "inline": text_of,
    "fence": _content,
    "code_block": _content,
    "html_block": _content,
}


def _list(numbers: Sequence[str]) -> str:
    return ", ".join(numbers[:6]) if numbers else "none"
