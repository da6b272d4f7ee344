"""All open releases, compiled once per process and per epoch.

The epoch is a counter that every writing transaction of a flag, an audience or a release raises. A process
keeps the snapshot of the epoch it last saw and asks for the number before each use, so a kill is seen by the
next request of every process and a late writer cannot bring an old state back.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from flags.engine import EVERYONE, FULL, FlagSpec, Kind, Rule, RuleError, Schema, parse_rule
from flags.queries import Epoch, current_epoch


@dataclass(frozen=True, slots=True)
class OpenRelease:
    """One open release as the resolver needs it."""

    id: int
    asset_id: int
    version_id: int
    number: int
    flag: FlagSpec
    audience: str  # the rule as text: releases that share it are asked once per person

    @property
    def is_baseline(self) -> bool:
        """Whether it admits everyone, and so shadows what lies under it."""
        return self.flag.rule == EVERYONE and self.flag.hundredths >= FULL and not self.flag.kill


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The stacks of all assets at one epoch: asset id → open releases, newest first."""

    epoch: Epoch
    stacks: Mapping[int, tuple[OpenRelease, ...]]


_OPEN = """
SELECT r.id, r.asset_id, r.version_id, v.number, f.name, f.salt, f.everyone IS FALSE, f.percentage_hundredths,
       a.rule::text, (SELECT jsonb_object_agg(d.key, d.type)::text FROM people_attributedefinition d)
FROM delivery_release r
JOIN assets_version v ON v.id = r.version_id
JOIN flags_flag f ON f.id = r.flag_id
LEFT JOIN flags_audience a ON a.id = f.audience_id
WHERE r.state = 'open'
ORDER BY r.asset_id, r.id DESC
"""

_kept: Snapshot | None = None


def snapshot(epoch: Epoch | None = None) -> Snapshot:
    """The stacks as they are now. 1 query when nothing changed since this process last asked, else 2.

    Args:
        epoch: as it was read a moment ago, along with something else; that saves its query.
    """
    global _kept  # noqa: PLW0603  one per process is the point, and the assignment is atomic
    epoch = current_epoch() if epoch is None else epoch
    if _kept is None or _kept.epoch != epoch:
        _kept = Snapshot(epoch, _stacks())
    return _kept


def kept_epoch() -> Epoch | None:
    """The epoch of the snapshot this process used last; None before the first. No query."""
    return None if _kept is None else _kept.epoch


def _stacks() -> dict[int, tuple[OpenRelease, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        rows = cursor.fetchall()
    types = json.loads(rows[0][9] or "{}") if rows else {}
    schema = Schema({key: Kind(kind) for key, kind in types.items()})
    rules: dict[str | None, Rule | None] = {None: EVERYONE}
    stacks: dict[int, list[OpenRelease]] = defaultdict(list)
    for row in rows:
        if row[8] not in rules:
            rules[row[8]] = _read(row[8], schema)
        stacks[row[1]].append(_open_release(row, rules[row[8]]))
    return {asset_id: tuple(stack) for asset_id, stack in stacks.items()}


def _read(text: str, schema: Schema) -> Rule | None:
    """The rule, or None when it can no longer be read (an attribute went away): that lets nobody in."""
    try:
        return parse_rule(json.loads(text), schema)
    except RuleError:
        return None


def _open_release(row: tuple[Any, ...], rule: Rule | None) -> OpenRelease:
    spec = FlagSpec(key=row[4], salt=row[5], rule=rule, hundredths=row[7], kill=row[6])
    return OpenRelease(id=row[0], asset_id=row[1], version_id=row[2], number=row[3], flag=spec, audience=row[8] or "")
