"""When two statements are the same: a hash over what their sender said."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from telemetry.xapi.build import compact

# What the server sets is left out, so that a retry equals its first try (xAPI 1.0.3, part two, 2.3.2).
_SET_BY_SERVER = frozenset({"id", "stored", "authority", "version"})


def payload_hash(statement: Mapping[str, Any], *, timestamp_set_by_server: bool = False) -> bytes:
    """SHA-256 over the statement without id, stored, authority, version, and a timestamp the server filled in."""
    left_out = _SET_BY_SERVER | {"timestamp"} if timestamp_set_by_server else _SET_BY_SERVER
    said = {key: value for key, value in statement.items() if key not in left_out}
    return hashlib.sha256(compact(said).encode()).digest()


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
