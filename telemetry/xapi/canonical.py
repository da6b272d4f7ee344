"""When two statements are the same: a hash over what their sender said."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from telemetry.xapi.build import compact

# What the server sets is left out, so that a retry equals its first try (xAPI 1.0.3, part two, 2.3.2).
_SET_BY_SERVER = frozenset({"id", "stored", "authority", "version"})
_SET_BY_SERVER_WITH_TIME = _SET_BY_SERVER | {"timestamp"}


def payload_hash(statement: Mapping[str, Any], *, timestamp_set_by_server: bool = False) -> bytes:
    """SHA-256 over the statement without id, stored, authority, version, and a timestamp the server filled in."""
    return _digest(_said(statement, timestamp_set_by_server=timestamp_set_by_server))


def raw_and_hash(statement: Mapping[str, Any], *, timestamp_set_by_server: bool) -> tuple[str, bytes]:
    """A statement of ours as text, with its `payload_hash`: as two calls would give, but encoded once."""
    said = _said(statement, timestamp_set_by_server=timestamp_set_by_server)
    added = f'"id":"{statement["id"]}","version":"{statement["version"]}"'
    if timestamp_set_by_server:
        added += f',"timestamp":"{statement["timestamp"]}"'
    return f"{said[:-1]},{added}}}", _digest(said)


def _said(statement: Mapping[str, Any], *, timestamp_set_by_server: bool) -> str:
    left_out = _SET_BY_SERVER_WITH_TIME if timestamp_set_by_server else _SET_BY_SERVER
    return compact({key: value for key, value in statement.items() if key not in left_out})


def _digest(said: str) -> bytes:
    return hashlib.sha256(said.encode()).digest()


def as_uuid(value: object) -> UUID | None:
    """The UUID written in `value`, in any case; None when it is not one."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
