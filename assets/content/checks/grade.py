"""Grade a response. Only here is a right answer compared with a given one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assets.content.checks.model import Check, Choice
from assets.content.checks.numbers import read_accepted, read_given, same_unit
from assets.content.checks.patterns import accepts, normalise
from assets.content.problems import ResponseError

MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Grade:
    """What a response is worth.

    `score` is 0..1. `choice_feedback` (Markdown, by choice id) is only for what the person chose; `message` is the
    check's own word on a right or a wrong answer, "" when it has none.
    """

    right: bool
    score: float
    choice_feedback: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


def grade(check: Check, response: Mapping[str, Any]) -> Grade:
    """Grade `response` as a form or JSON gives it.

    By type: {"choice": id}, {"choices": [ids]}, {"number": "1,5"}, {"text": …}, {"order": [ids]},
    {"pairs": {left id: right id}}, {"gaps": [texts]}. Raises ResponseError, a sentence for the person, when it is none.
    """
    score, feedback = _GRADERS[check.type](check, response)
    right = score >= 1
    said = {key: text for key, text in feedback.items() if text}
    return Grade(right, score, said, check.right if right else check.wrong)


Scored = tuple[float, dict[str, str]]


def _single(check: Check, response: Mapping[str, Any]) -> Scored:
    chosen = _text(response, "choice", "Choose an answer first.")
    choice = _by_id(check, chosen)
    return float(choice.right), {choice.id: choice.feedback}


def _multiple(check: Check, response: Mapping[str, Any]) -> Scored:
    chosen = [_by_id(check, one) for one in dict.fromkeys(_texts(response, "choices", "Choose at least one answer."))]
    if not chosen:
        raise ResponseError("Choose at least one answer.")
    wanted = sum(choice.right for choice in check.choices)
    hit = sum(choice.right for choice in chosen)
    score = max(0.0, (hit - (len(chosen) - hit)) / wanted) if wanted else 0.0
    return score, {choice.id: choice.feedback for choice in chosen}


def _numeric(check: Check, response: Mapping[str, Any]) -> Scored:
    given = read_given(_text(response, "number", "Give a number."))
    if given is None:
        raise ResponseError("Give a number, for example 1.5 or 1,5.")
    numbers, unit = given
    for choice in sorted(check.choices, key=lambda choice: not choice.right):
        if _within(choice, numbers, unit):
            return float(choice.right), {choice.id: choice.feedback}
    return 0.0, {}


def _within(choice: Choice, numbers: tuple[Decimal, ...], unit: str) -> bool:
    accepted = read_accepted(choice.text)
    if accepted is None or not same_unit(unit, accepted.unit):
        return False
    return any(accepted.low <= number <= accepted.high for number in numbers)


def _short(check: Check, response: Mapping[str, Any]) -> Scored:
    given = _text(response, "text", "Write an answer first.")
    for choice in sorted(check.choices, key=lambda choice: not choice.right):
        if accepts(choice.text, given):
            return float(choice.right), {choice.id: choice.feedback}
    return 0.0, {}


def _ordering(check: Check, response: Mapping[str, Any]) -> Scored:
    given = _texts(response, "order", "Put all lines in an order.")
    wanted = [choice.id for choice in check.choices]
    if sorted(given) != sorted(wanted):
        raise ResponseError("Put each line into the order once, and leave none out.")
    place = {choice: index for index, choice in enumerate(given)}
    moved = {c.id: c.feedback for index, c in enumerate(check.choices) if given[index] != c.id}
    return _pairs_in_order([place[one] for one in wanted]), moved


def _pairs_in_order(places: Sequence[int]) -> float:
    """The share of pairs that stand in the right order: Kendall's tau mapped to 0..1."""
    pairs = [(a, b) for index, a in enumerate(places) for b in places[index + 1 :]]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else 1.0


def _matching(check: Check, response: Mapping[str, Any]) -> Scored:
    given = response.get("pairs")
    lefts = {pair.left_id: pair for pair in check.pairs if pair.left}
    rights = {pair.right_id for pair in check.pairs}
    if not isinstance(given, Mapping) or set(given) != set(lefts):
        raise ResponseError("Choose a partner for each line.")
    if any(chosen not in rights for chosen in given.values()):
        raise ResponseError("That choice is not on this page any more. Reload the page and answer again.")
    wrong = {left: pair.feedback for left, pair in lefts.items() if given[left] != pair.right_id}
    return (len(lefts) - len(wrong)) / len(lefts) if lefts else 0.0, wrong


def _cloze(check: Check, response: Mapping[str, Any]) -> Scored:
    given = _texts(response, "gaps", "Fill in the gaps.")
    if len(given) != len(check.gaps):
        raise ResponseError(f"Fill in {len(check.gaps)} gaps; {len(given)} came.")
    if not any(text.strip() for text in given):
        raise ResponseError("Fill in the gaps.")
    hits = [
        any(normalise(a) == normalise(text) for a in gap.answers) for gap, text in zip(check.gaps, given, strict=True)
    ]
    return sum(hits) / len(hits) if hits else 0.0, {}


def _by_id(check: Check, chosen: str) -> Choice:
    for choice in check.choices:
        if choice.id == chosen:
            return choice
    raise ResponseError("That choice is not on this page any more. Reload the page and answer again.")


def _text(response: Mapping[str, Any], name: str, otherwise: str) -> str:
    value = response.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and name == "number":
        value = repr(value)
    if not isinstance(value, str) or not value.strip():
        raise ResponseError(otherwise)
    if len(value) > MAX_TEXT:
        raise ResponseError(f"The answer is longer than {MAX_TEXT:,} characters.")
    return value


def _texts(response: Mapping[str, Any], name: str, otherwise: str) -> list[str]:
    value = response.get(name)
    if not isinstance(value, (list, tuple)) or len(value) > 500:
        raise ResponseError(otherwise)
    if not all(isinstance(one, str) and len(one) <= MAX_TEXT for one in value):
        raise ResponseError(otherwise)
    return list(value)


_GRADERS: Mapping[str, Callable[[Check, Mapping[str, Any]], Scored]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _single,
    "numeric": _numeric,
    "short": _short,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
}
