"""Check a statement against xAPI 1.0.3, as far as this installation writes and accepts them.

Table driven: a shape says which properties a JSON object has and what each must be. Signed statements, attachments
and sub-statements are refused by name instead of being half understood.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telemetry.xapi.canonical import as_uuid

Problem = tuple[str, str]  # where ("/actor/account/name"), what in words
_Check = Callable[[Any, str], list[Problem]]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_DURATION = re.compile(r"P(?!\Z)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!\Z)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
_MAILBOX = re.compile(r"mailto:[^@\s]+@[^@\s]+\Z")
_SHA1 = re.compile(r"[0-9a-f]{40}\Z", re.IGNORECASE)
_INTERACTIONS = frozenset(
    {
        "choice",
        "fill-in",
        "likert",
        "long-fill-in",
        "matching",
        "numeric",
        "other",
        "performance",
        "sequencing",
        "true-false",
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of one JSON object: what each must be, which are asked for, of which exactly one is."""

    properties: Mapping[str, _Check]
    required: frozenset[str] = frozenset()
    exactly_one: frozenset[str] = frozenset()

    def __call__(self, value: Any, where: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [(where or "/", "must be a JSON object")]
        problems = [(f"{where}/{name}", "is missing") for name in sorted(self.required - value.keys())]
        given = self.exactly_one & value.keys()
        if self.exactly_one and len(given) != 1:
            problems.append((where or "/", f"must have exactly one of {', '.join(sorted(self.exactly_one))}"))
        for name, content in value.items():
            check = self.properties.get(name)
            if check is None:
                problems.append((f"{where}/{name}", "is not a property that is known here"))
            elif content is None:
                problems.append((f"{where}/{name}", "must not be null"))
            else:
                problems += check(content, f"{where}/{name}")
        return problems


def _rule(test: Callable[[Any], bool], words: str) -> _Check:
    def check(value: Any, where: str) -> list[Problem]:
        return [] if test(value) else [(where, words)]

    return check


def _pattern(pattern: re.Pattern[str], words: str) -> _Check:
    return _rule(lambda value: isinstance(value, str) and pattern.match(value) is not None, words)


def _constant(*allowed: str) -> _Check:
    return _rule(lambda value: value in allowed, f"must be {' or '.join(allowed)}")


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return not value.endswith(("-00:00", "-0000", "-00"))  # xAPI 4.4 refuses "offset unknown"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _map_of(check: _Check, key: _Check) -> _Check:
    def check_map(value: Any, where: str) -> list[Problem]:
        if not isinstance(value, dict):
            return [(where, "must be a JSON object")]
        return [p for name, content in value.items() for p in key(name, where) + check(content, f"{where}/{name}")]

    return check_map


def _list_of(check: _Check) -> _Check:
    def check_list(value: Any, where: str) -> list[Problem]:
        items = value if isinstance(value, list) else [value]  # xAPI allows one activity without its list
        return [problem for i, item in enumerate(items) for problem in check(item, f"{where}/{i}")]

    return check_list


def _anything(_value: Any, _where: str) -> list[Problem]:
    return []


_iri = _pattern(_IRI, "must be an IRI with its scheme")
_text = _rule(lambda value: isinstance(value, str), "must be text")
_truth = _rule(lambda value: isinstance(value, bool), "must be true or false")
_number = _rule(_is_number, "must be a number")
_time = _rule(_is_time, "must be an ISO 8601 time")
_uuid = _rule(lambda value: as_uuid(value) is not None, "must be a UUID")
_language_map = _map_of(_text, _pattern(_LANGUAGE, "must be keyed by language"))
_extensions = _map_of(_anything, _iri)
_account = Shape({"homePage": _iri, "name": _text}, frozenset({"homePage", "name"}))
_agent = Shape(
    {
        "objectType": _constant("Agent"),
        "name": _text,
        "mbox": _pattern(_MAILBOX, "must be a mailto: address"),
        "mbox_sha1sum": _pattern(_SHA1, "must be 40 hex digits"),
        "openid": _iri,
        "account": _account,
    },
    exactly_one=frozenset({"mbox", "mbox_sha1sum", "openid", "account"}),
)
_verb = Shape({"id": _iri, "display": _language_map}, frozenset({"id"}))
_definition = Shape(
    {
        "name": _language_map,
        "description": _language_map,
        "type": _iri,
        "moreInfo": _iri,
        "extensions": _extensions,
        "interactionType": _rule(lambda value: value in _INTERACTIONS, "must be an interaction type"),
        "correctResponsesPattern": _list_of(_text),
        "choices": _anything,
        "scale": _anything,
        "source": _anything,
        "target": _anything,
        "steps": _anything,
    }
)
_activity = Shape({"objectType": _constant("Activity"), "id": _iri, "definition": _definition}, frozenset({"id"}))
_reference = Shape({"objectType": _constant("StatementRef"), "id": _uuid}, frozenset({"objectType", "id"}))
_share = _rule(lambda value: _is_number(value) and -1 <= value <= 1, "must be between -1 and 1")
_score = Shape({"scaled": _share, "raw": _number, "min": _number, "max": _number})
_result = Shape(
    {
        "score": _score,
        "success": _truth,
        "completion": _truth,
        "response": _text,
        "duration": _pattern(_DURATION, "must be an ISO 8601 duration"),
        "extensions": _extensions,
    }
)
_activities = Shape(dict.fromkeys(("parent", "grouping", "category", "other"), _list_of(_activity)))
_context = Shape(
    {
        "registration": _uuid,
        "instructor": _agent,
        "revision": _text,
        "platform": _text,
        "language": _pattern(_LANGUAGE, "must be a language tag"),
        "statement": _reference,
        "contextActivities": _activities,
        "extensions": _extensions,
    }
)
_OBJECTS: Mapping[str, _Check] = {"Activity": _activity, "Agent": _agent, "StatementRef": _reference}


def _object(value: Any, where: str) -> list[Problem]:
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
    check = _OBJECTS.get(kind) if isinstance(kind, str) else None
    return check(value, where) if check else [(f"{where}/objectType", "is not accepted here")]


_statement = Shape(
    {
        "id": _uuid,
        "actor": _agent,
        "verb": _verb,
        "object": _object,
        "result": _result,
        "context": _context,
        "timestamp": _time,
        "stored": _time,
        "authority": _agent,
        "version": _rule(lambda value: isinstance(value, str) and value.startswith("1.0"), "must be 1.0.x"),
    },
    frozenset({"actor", "verb", "object"}),
)


def problems_in(statement: Any) -> list[Problem]:
    """Everything that is wrong with a statement, as (JSON pointer, sentence part); empty when it is accepted."""
    return _statement(statement, "")
