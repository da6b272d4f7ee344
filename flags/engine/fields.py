"""What a rule can ask about a person: fields, their kinds, and what counts as a usable value of each kind.

One meaning for what is not there, used by the predicate, the SQL and the sentence alike: **a value that is missing,
empty, or not of its declared kind is not there.** Every operator on it is false, the negative ones too; only
``is_not_set`` is true. To take in people whose value is unknown, exclude with ``none`` instead of ``is_not``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

LARGEST = 1e300
"""Numbers beyond this are not usable: neither Python's float nor PostgreSQL's float8 holds all of them."""
SMALLEST = 1e-300
"""Numbers nearer to zero than this are zero, for the same reason."""

DATE_SHAPE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
"""Dates are compared as ISO 8601 text, which sorts as the calendar does. Valid in Python's and PostgreSQL's dialect."""
VERSION_SHAPE = r"[0-9]{1,9}(\.[0-9]{1,9}){0,9}"

_DATE = re.compile(DATE_SHAPE)
_VERSION = re.compile(VERSION_SHAPE)

Comparable = str | float | bool | tuple[int, ...] | frozenset[str]


class Kind(StrEnum):
    """The declared kind of a field; the first six are what ``people.AttributeDefinition`` can declare."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    VERSION = "version"
    LIST = "list"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a rule can ask about. ``builtin`` fields are columns of the person; others live in the attributes."""

    name: str
    kind: Kind
    builtin: bool = False


BUILTINS: Mapping[str, Field] = {
    name: Field(name, kind, builtin=True)
    for name, kind in {
        "person": Kind.TEXT,
        "team": Kind.TEAM,
        "team_only": Kind.TEXT,
        "job_role": Kind.TEXT,
        "region": Kind.TEXT,
        "locale": Kind.TEXT,
        "tenure_days": Kind.NUMBER,
        "group": Kind.LIST,
    }.items()
}


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields that rules may use: the built-in ones and the declared attributes (a built-in name wins)."""

    attributes: Mapping[str, Kind] = field(default_factory=dict)

    def get(self, name: str) -> Field | None:
        """The field called ``name``, or None when there is none."""
        if name in BUILTINS:
            return BUILTINS[name]
        kind = self.attributes.get(name)
        return None if kind is None else Field(name, kind)

    def names(self) -> list[str]:
        """All names, built-in ones first, each group in its own order."""
        return [*BUILTINS, *(name for name in self.attributes if name not in BUILTINS)]


@lru_cache(maxsize=4096)
def version_key(text: str) -> tuple[int, ...] | None:
    """``"1.10.0"`` → ``(1, 10)``: numbers by position, trailing zeros dropped so that 1.10 and 1.10.0 are one version.

    Returns None for anything that is not one to ten numbers joined by dots.
    """
    if not _VERSION.fullmatch(text):
        return None
    parts = [int(part) for part in text.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _text(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _number(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    size = abs(raw)
    if not size <= LARGEST:  # also NaN
        return None
    return 0.0 if size < SMALLEST else float(raw)


def _date(raw: object) -> str | None:
    return raw if isinstance(raw, str) and _DATE.fullmatch(raw) else None


def _boolean(raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _version(raw: object) -> tuple[int, ...] | None:
    return version_key(raw) if isinstance(raw, str) else None


def _strings(raw: object) -> frozenset[str] | None:
    if not isinstance(raw, list | tuple | frozenset) or not raw:
        return None
    return frozenset(item for item in raw if isinstance(item, str))


_READERS = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.BOOLEAN: _boolean,
    Kind.VERSION: _version,
    Kind.LIST: _strings,
    Kind.TEAM: _strings,
}


def comparable(kind: Kind, raw: object) -> Comparable | None:
    """The value of ``raw`` as something of ``kind`` that can be compared; None when it is not there (see above)."""
    return _READERS[kind](raw)
