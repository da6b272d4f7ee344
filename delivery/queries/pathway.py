"""Pathways as one person walks them: only the steps they can open, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from delivery.queries.opened import asset_path, pathway_path
from delivery.queries.resolve import Decisions, decide_all
from people.models import User
from telemetry.queries.progress import Progress, assets_done


@dataclass(frozen=True, slots=True)
class Step:
    """One step that the person can open."""

    asset_id: int
    key: str
    title: str
    kind: str
    minutes: int
    progress: Progress | None

    @property
    def path(self) -> str:
        """Where it is opened."""
        return asset_path(self.key)

    @property
    def done(self) -> bool:
        return self.progress is not None and self.progress.done


@dataclass(frozen=True, slots=True)
class Walk:
    """One pathway and the person's place in it. Steps that are closed to them are not counted."""

    asset_id: int
    key: str
    title: str
    summary: str
    steps: tuple[Step, ...]

    @property
    def path(self) -> str:
        """Where it is opened."""
        return pathway_path(self.key)

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def at(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)

    @property
    def place(self) -> int:
        """Number of the step the person is at, from 1."""
        return next((n for n, step in enumerate(self.steps, 1) if not step.done), len(self.steps))

    @property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.steps if not step.done)

    @property
    def started(self) -> bool:
        return any(step.progress is not None and step.progress.started for step in self.steps)


_ITEMS = """
SELECT p.id, pv.id, p.key, pv.title, pv.summary, t.id, t.key, t.kind, tv.title, tv.minutes
FROM assets_version pv
JOIN assets_asset p ON p.id = pv.asset_id AND p.kind = 'pathway'
LEFT JOIN assets_dependency d ON d.version_id = pv.id AND d.kind = 'item'
LEFT JOIN assets_asset t ON t.id = d.target_id
LEFT JOIN assets_version tv ON tv.asset_id = t.id AND tv.id = ANY(%(versions)s)
WHERE pv.id = ANY(%(versions)s) AND (%(asset)s IS NULL OR p.id = %(asset)s)
ORDER BY pv.title, p.id, d.position
"""


def walks(person: User, decisions: Decisions | None = None, asset_id: int | None = None) -> list[Walk]:
    """The pathways the person can open, with their progress. 2 queries, and 3 at most for the decisions."""
    decided = decide_all(person) if decisions is None else decisions
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"versions": decided.version_ids(), "asset": asset_id})
        rows = cursor.fetchall()
    steps = {row[5]: decided[row[5]].version_id for row in rows if row[5] in decided and row[8] is not None}
    progress = assets_done(person.pk, steps)
    found: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return [_walk(mine, progress) for mine in found.values()]


def walk_of(person: User, asset_id: int) -> Walk | None:
    """One pathway; None when it is closed to the person. 5 queries at most."""
    return next(iter(walks(person, asset_id=asset_id)), None)


def _walk(rows: Sequence[tuple[object, ...]], progress: dict[int, Progress]) -> Walk:
    asset_id, _version, key, title, summary = rows[0][:5]
    steps = tuple(
        Step(
            asset_id=int(str(row[5])),
            key=str(row[6]),
            kind=str(row[7]),
            title=str(row[8]),
            minutes=int(str(row[9])),
            progress=progress.get(int(str(row[5]))),
        )
        for row in rows
        if row[5] is not None and row[8] is not None
    )
    return Walk(int(str(asset_id)), str(key), str(title), str(summary), steps)


_NEXT = """
SELECT p.key, pv.title, n.key, nv.title, n.kind, nv.minutes
FROM assets_dependency here
JOIN assets_version pv ON pv.id = here.version_id AND pv.id = ANY(%(versions)s)
JOIN assets_asset p ON p.id = pv.asset_id
LEFT JOIN LATERAL (
    SELECT d.target_id, v.id FROM assets_dependency d
    JOIN assets_version v ON v.asset_id = d.target_id AND v.id = ANY(%(versions)s)
    WHERE d.version_id = pv.id AND d.kind = 'item' AND d.position > here.position ORDER BY d.position LIMIT 1
) following ON TRUE
LEFT JOIN assets_asset n ON n.id = following.target_id
LEFT JOIN assets_version nv ON nv.id = following.id
WHERE here.target_id = %(asset)s AND here.kind = 'item'
ORDER BY pv.title LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class Next:
    """A pathway that an asset is part of, and the step after it; `key` is "" when it is the last."""

    pathway_key: str
    pathway: str
    key: str
    title: str
    kind: str
    minutes: int

    @property
    def path(self) -> str:
        """Where it is opened."""
        return asset_path(self.key)

    @property
    def pathway_path(self) -> str:
        """Where the pathway is opened."""
        return pathway_path(self.pathway_key)


def next_steps(asset_id: int, decided: Decisions) -> list[Next]:
    """Where an asset leads in the pathways the person can open. 1 query, none for a set of versions met before."""
    return list(_next_steps(asset_id, tuple(sorted(decided.version_ids()))))


@lru_cache(maxsize=2048)
def _next_steps(asset_id: int, versions: tuple[int, ...]) -> tuple[Next, ...]:
    """Versions never change, so what they lead to is kept. People who get the same versions share it."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"versions": list(versions), "asset": asset_id})
        rows = cursor.fetchall()
    return tuple(Next(row[0], row[1], row[2] or "", row[3] or "", row[4] or "", row[5] or 0) for row in rows)
