"""The last answer to each check, kept in the session so that a page can say why it was wrong."""

from collections.abc import Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

KEPT = 20
_NAME = "answers"


def last_answers(session: SessionBase) -> Mapping[str, Any]:
    """Version-check id (as text) → {"response": …, "shown": bool}, newest last."""
    kept: Mapping[str, Any] = session.get(_NAME, {})
    return kept


def keep_answer(session: SessionBase, version_check_id: int, answer: Mapping[str, Any]) -> None:
    """Keep one answer; the oldest go when there are more than 20."""
    kept = dict(session.get(_NAME, {}))
    kept.pop(str(version_check_id), None)
    kept[str(version_check_id)] = dict(answer)
    session[_NAME] = dict(list(kept.items())[-KEPT:])
