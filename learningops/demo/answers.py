"""Answers as people give them: right ones, and wrong ones that somebody could have given."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from assets.content import Check

Response = dict[str, Any]
_WRONG_WORDS: Final = ("not sure", "the other one", "later")


def respond(check: Check, *, right: bool, dice: Random) -> Response:
    """A response to `check`, right or wrong, in the shape that `assets.content.grade` takes."""
    return _RESPONSES[check.type](check, right, dice)


def _single(check: Check, right: bool, dice: Random) -> Response:
    return {"choice": dice.choice([choice.id for choice in check.choices if choice.right is right])}


def _multiple(check: Check, right: bool, dice: Random) -> Response:
    wanted = [choice.id for choice in check.choices if choice.right]
    if right:
        return {"choices": wanted}
    tempting = [choice.id for choice in check.choices if not choice.right]
    return {"choices": [*wanted[: dice.randint(0, len(wanted))], dice.choice(tempting or wanted)]}


def _numeric(check: Check, right: bool, dice: Random) -> Response:
    """The number of an answer without its tolerance; a wrong one that the author expected, when there is one."""
    fitting = [choice.text for choice in check.choices if choice.right is right]
    return {"number": dice.choice(fitting).partition("±")[0].strip() if fitting else "1"}


def _short(check: Check, right: bool, dice: Random) -> Response:
    words = [choice.text for choice in check.choices if choice.right is right and not choice.text.startswith("/")]
    return {"text": dice.choice(words or _WRONG_WORDS)}


def _ordering(check: Check, right: bool, dice: Random) -> Response:
    order = [choice.id for choice in check.choices]
    if not right:
        place = dice.randrange(len(order) - 1)
        order[place], order[place + 1] = order[place + 1], order[place]
    return {"order": order}


def _matching(check: Check, right: bool, dice: Random) -> Response:
    pairs = {pair.left_id: pair.right_id for pair in check.pairs if pair.left}
    if not right:
        first, second = dice.sample(list(pairs), 2)
        pairs[first], pairs[second] = pairs[second], pairs[first]
    return {"pairs": pairs}


def _cloze(check: Check, right: bool, dice: Random) -> Response:
    gaps = [gap.answers[0] for gap in check.gaps]
    if not right:
        gaps[dice.randrange(len(gaps))] = dice.choice(_WRONG_WORDS)
    return {"gaps": gaps}


_RESPONSES: Final[dict[str, Callable[[Check, bool, Random], Response]]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _single,
    "numeric": _numeric,
    "short": _short,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
}
