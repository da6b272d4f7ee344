"""Buckets: which part of the people a percentage takes, the same in Python and in PostgreSQL.

A bucket depends on the flag's salt, a purpose and the person's unit, and on nothing else. So widening adds people and
removes none, two flags (two salts) are independent, and the purposes "gate" and "arm" of one flag are too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

BUCKETS = 100_000
FULL = 10_000
"""100 per cent, in hundredths of a per cent."""
PER_HUNDREDTH = BUCKETS // FULL
SEPARATOR = "\x1f"
GATE = "gate"

Digest = Callable[[bytes], bytes]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def bucket(salt: str, purpose: str, unit: str, digest: Digest = _sha256) -> int:
    """The bucket of a unit: 0 to 99,999.

    The first 8 bytes, big-endian, of ``sha256(salt + US + purpose + US + unit)`` modulo 100,000, where US is the unit
    separator (U+001F), so that no two triples make the same text. The modulo bias is below 1e-14.

    Args:
        salt: the flag's own; the same for its whole life.
        purpose: what the bucket is for, such as ``"gate"``.
        unit: the stable text of the person.
        digest: bytes to at least 8 bytes; for tests and for migrating from another engine.
    """
    data = SEPARATOR.join((salt, purpose, unit)).encode()
    return int.from_bytes(digest(data)[:8], "big") % BUCKETS


def in_percentage(number: int, hundredths: int) -> bool:
    """Whether bucket ``number`` (0 to 99,999) is within ``hundredths`` of a per cent (0 to 10,000)."""
    return number < hundredths * PER_HUNDREDTH


def bucket_sql(salt: str, purpose: str, unit: str = "u.pseudonym::text") -> tuple[str, list[Any]]:
    """The same bucket as an SQL expression.

    PostgreSQL has no unsigned 64-bit integer, so the two halves are reduced apart: 2^32 mod 100,000 is 67,296.

    Args:
        salt, purpose: as for :func:`bucket`; they become parameters.
        unit: an SQL expression of type text, written by us, never by a user.

    Returns:
        The expression (NULL when the unit is) and its parameters.
    """
    # mod() and not the operator: a per cent sign would have to be doubled for the database driver
    halves = (
        "mod(('x' || left(d.hex, 8))::bit(32)::bigint * 67296 + ('x' || substr(d.hex, 9, 8))::bit(32)::bigint, 100000)"
    )
    digest = f"SELECT encode(sha256(convert_to(%s || {unit}, 'UTF8')), 'hex') AS hex"
    sql = f"(SELECT {halves} FROM ({digest}) d)"  # noqa: S608  unit is ours, salt and purpose are parameters
    return sql, [f"{salt}{SEPARATOR}{purpose}{SEPARATOR}"]


def in_percentage_sql(
    salt: str, purpose: str, hundredths: int, unit: str = "u.pseudonym::text"
) -> tuple[str, list[Any]]:
    """:func:`in_percentage` of :func:`bucket` as an SQL condition that is never NULL."""
    if hundredths >= FULL:
        return f"({unit} IS NOT NULL)", []
    if hundredths <= 0:
        return "FALSE", []
    sql, params = bucket_sql(salt, purpose, unit)
    return f"COALESCE({sql} < %s, FALSE)", [*params, hundredths * PER_HUNDREDTH]
