"""Numbers as people write them, and the range that a numeric answer accepts. Decimal throughout: borders are exact."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_NUMBER = r"[+-]?(?:\d[\d.,'\s]*\d|\d|[.,]\d+)(?:[eE][+-]?\d{1,3})?"
_GIVEN = re.compile(rf"([^\d+.,-]*)({_NUMBER})\s*(.*)", re.DOTALL)
_RANGE = re.compile(rf"([^\d+.,-]*)({_NUMBER})\s*\.\.\s*[^\d+.,-]*({_NUMBER})\s*(.*)", re.DOTALL)
_TOLERANCE = re.compile(
    rf"([^\d+.,-]*)({_NUMBER})\s*([^\d+±%-]*?)\s*(?:±|\+/?-)\s*[^\d+.,%-]*({_NUMBER})\s*(%?)(.*)", re.DOTALL
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,'\s])\d{3})(?:\1\d{3})*")
_LETTERS = str.maketrans({"−": "-", "–": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
MAX_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Accepted:
    """A closed range of numbers, and the unit they are in ("" for none)."""

    low: Decimal
    high: Decimal
    unit: str


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_LETTERS).strip()


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def readings(text: str) -> tuple[Decimal, ...]:
    """Every number that `text` can mean, the likeliest first: "1,500" is 1500, and in half of Europe 1.5."""
    compact = re.sub(r"[\s']", "", text)
    comma, dot = compact.rfind(","), compact.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands, point = (",", ".") if dot > comma else (".", ",")
        options = [compact.replace(thousands, "").replace(point, ".")]
    elif _GROUPED.fullmatch(compact):
        bare = compact.replace(",", "").replace(".", "")
        as_decimal = compact.replace(",", ".")
        options = [bare, as_decimal] if comma >= 0 else [as_decimal, bare]
    else:
        options = [compact.replace(",", ".")]
    found = (_decimal(option) for option in options)
    return tuple(dict.fromkeys(number for number in found if number is not None and number.is_finite()))


@lru_cache(maxsize=2048)
def read_accepted(text: str) -> Accepted | None:
    """Read an author's answer: `200`, `£200 ± 5`, `1.5 ± 2% kg`, `150..250`. None when it is not one of these.

    A reversed range comes back with `low > high`: the lint says so, and it accepts nothing.
    """
    cleaned = _clean(text)
    if len(cleaned) > MAX_LENGTH:
        return None
    if found := _RANGE.fullmatch(cleaned):
        low, high = _first(found[2]), _first(found[3])
        unit = found[4] or found[1]
        return Accepted(low, high, unit.strip()) if low is not None and high is not None else None
    if found := _TOLERANCE.fullmatch(cleaned):
        return _around(found)
    if found := _GIVEN.fullmatch(cleaned):
        value = _first(found[2])
        return Accepted(value, value, (found[3] or found[1]).strip()) if value is not None else None
    return None


def _around(found: re.Match[str]) -> Accepted | None:
    value, tolerance = _first(found[2]), _first(found[4])
    if value is None or tolerance is None:
        return None
    if found[5]:
        tolerance = abs(value) * tolerance / 100
    unit = found[6].strip() or found[3].strip() or found[1].strip()
    return Accepted(value - tolerance, value + tolerance, unit)


def _first(text: str) -> Decimal | None:
    return next(iter(readings(text)), None)


def unit_of(text: str) -> str:
    """The unit of an author's answer, "" when it has none."""
    accepted = read_accepted(text)
    return accepted.unit if accepted else ""


def read_given(text: str) -> tuple[tuple[Decimal, ...], str] | None:
    """Read what a person typed: every number it can mean, and the unit; None when it holds no number."""
    found = _GIVEN.fullmatch(_clean(text)) if len(text) <= MAX_LENGTH else None
    numbers = readings(found[2]) if found else ()
    if found is None or not numbers:
        return None
    return numbers, (found[3] or found[1]).strip()


def same_unit(given: str, wanted: str) -> bool:
    """Whether a given unit fits: none at all always does, and letter case and a final dot are forgiven."""
    return not given or given.rstrip(".").casefold() == wanted.rstrip(".").casefold()
