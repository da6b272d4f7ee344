"""Build xAPI 1.0.3 statements from our own events."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from telemetry.xapi import vocabulary as words
from telemetry.xapi.event import Event, Subject

SYSTEM_ACCOUNT = "system"  # what no person did
_ABOUT_A_RELEASE = frozenset({"released", "widened", "killed", "revived", "rolled_back", "archived"})


def build_statement(event: Event, subject: Subject, *, site: str, statement_id: UUID, at: datetime) -> dict[str, Any]:
    """The statement of one event.

    Args:
        event: what happened.
        subject: who and what it was about; `account` is a pseudonym, never a name or a mailbox.
        site: URN of this installation: home page of the accounts and prefix of the activities.
        statement_id: its id.
        at: when it happened, aware.

    Source of the shape: xAPI 1.0.3, part two, section 2.
    """
    statement: dict[str, Any] = {
        "id": str(statement_id),
        "actor": {"objectType": "Agent", "account": {"homePage": site, "name": subject.account}},
        "verb": {"id": words.verb_iri(event.verb), "display": {"en": words.verb_display(event.verb)}},
        "object": _object(event, subject, site),
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "version": "1.0.3",
    }
    result = _result(event)
    if result:
        statement["result"] = result
    statement["context"] = _context(event, subject, site)
    return statement


def object_of(event: Event, subject: Subject) -> tuple[str, int | str]:
    """Kind and lasting key of what the event is about: the check, the asset, the release, or what it names."""
    if event.check_id is not None:
        return "check", event.check_id
    if event.about is not None:
        return event.about
    if event.verb not in _ABOUT_A_RELEASE and subject.asset_id is not None:
        return "asset", subject.asset_id
    if event.release_id is not None:
        return "release", event.release_id
    return ("asset", subject.asset_id) if subject.asset_id is not None else ("site", "all")


def _object(event: Event, subject: Subject, site: str) -> dict[str, Any]:
    kind, key = object_of(event, subject)
    return {
        "objectType": "Activity",
        "id": words.activity_iri(site, kind, key),
        "definition": {"type": words.type_iri(kind)},
    }


def _result(event: Event) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if event.score is not None:
        result["score"] = {"scaled": round(event.score, 4)}
    if event.right is not None:
        result["success"] = event.right
    if event.response is not None:
        result["response"] = compact(event.response)
    if event.duration_s is not None:
        result["duration"] = f"PT{event.duration_s:.2f}S"  # ISO 8601, at most two decimals (xAPI 4.6)
    return result


def _context(event: Event, subject: Subject, site: str) -> dict[str, Any]:
    extensions: dict[str, Any] = {
        words.VERSION: subject.version_number,
        words.VERSION_ID: event.version_id,
        words.CHECK_KEY: event.check_key or None,
        words.RELEASE: event.release_id,
        words.DECISION: event.decision or None,
        words.CLAIMED: event.claimed or None,
        words.DATA: dict(event.data) or None,
    }
    context: dict[str, Any] = {
        "platform": event.channel or "LearningOps",
        "extensions": {key: value for key, value in extensions.items() if value is not None},
    }
    if event.check_id is not None and subject.asset_id is not None:
        parent = words.activity_iri(site, "asset", subject.asset_id)
        context["contextActivities"] = {"parent": [{"objectType": "Activity", "id": parent}]}
    return context


_encode = json.JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode


def compact(value: Mapping[str, Any]) -> str:
    """JSON without spaces, keys in order, text as it is."""
    return _encode(value)
