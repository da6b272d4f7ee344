"""The pipeline of releases as a board."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assets.gates import blocking
from assets.models import Asset, Version
from assets.policies import assets_for_edit
from delivery.models import Release
from delivery.queries.snapshot import snapshot
from delivery.queries.stack import decided_sql
from flags.engine import EVERYONE, FULL
from people.models import User

MOST_TILES = 12  # per column; the heading gives the whole number
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tile:
    """One card of the board. `release_id` is None for a version that waits for its release."""

    asset_key: str
    title: str
    number: int
    release_id: int | None = None
    people: int | None = None
    hundredths: int = FULL
    killed: bool = False
    blocked: int = 0
    since: Any = None
    reason: str = ""

    @property
    def percent(self) -> str:
        """The share, as "12.5"."""
        return f"{self.hundredths / 100:g}"


@dataclass(slots=True)
class Column:
    """One column: its tiles, newest first, and how many there are in all."""

    tiles: list[Tile] = field(default_factory=list)
    total: int = 0

    def add(self, tile: Tile) -> None:
        self.total += 1
        if len(self.tiles) < MOST_TILES:
            self.tiles.append(tile)


@dataclass(frozen=True, slots=True)
class Board:
    """Waiting in the gates, with some people, widening, live for everyone, rolled back in the last 30 days."""

    waiting: Column
    some: Column
    widening: Column
    everyone: Column
    rolled_back: Column


def board(user: User) -> Board:
    """The releases of the assets that `user` may edit. 14 queries at most, however many there are."""
    mine = assets_for_edit(user)
    columns = Board(_waiting(mine), Column(), Column(), Column(), _rolled_back(mine))
    stacks = snapshot().stacks
    releases = _open_releases(mine)
    partial = [r for r in releases.values() if _column(r, stacks) in ("some", "widening")]
    counts = count_people({r.asset_id for r in partial})
    for release in releases.values():
        name = _column(release, stacks)
        if name:
            getattr(columns, name).add(_tile(release, counts.get(release.pk, 0) if name != "everyone" else None))
    return columns


def count_people(asset_ids: set[int]) -> dict[int, int]:
    """Release id → active people who get its version now, for the stacks of these assets. 1 query."""
    parts = [decided_sql(asset_id) for asset_id in sorted(asset_ids)]
    if not parts:
        return {}
    union = " UNION ALL ".join(f"({sql})" for sql, _params in parts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT release_id, count(*) FROM ({union}) decided GROUP BY release_id",  # noqa: S608  built by decided_sql
            [param for _sql, params in parts for param in params],
        )
        return dict(cursor.fetchall())


def _open_releases(mine: QuerySet[Asset]) -> dict[int, Release]:
    found = Release.objects.filter(state=Release.State.OPEN, asset__in=mine)
    return {release.pk: release for release in _with_number(found).order_by("-id")}


def _with_number(releases: QuerySet[Release]) -> QuerySet[Release]:
    """Releases with asset, flag and, of the version, the number alone: sources are long."""
    return releases.select_related("asset", "flag", "version").only(
        "asset_id", "released_at", "closed_at", "closed_reason", "asset__key", "asset__title", "version__number",
        "flag__percentage_hundredths", "flag__everyone",
    )  # fmt: skip


def _column(release: Release, stacks: Any) -> str:
    """Which column an open release stands in; "" when a newer baseline shadows it."""
    for above in stacks.get(release.asset_id, ()):
        if above.id == release.pk:
            if above.is_baseline:
                return "everyone"
            whole = above.flag.rule == EVERYONE
            return "widening" if above.flag.hundredths < FULL or whole else "some"
        if above.is_baseline:
            return ""
    return ""


def _tile(release: Release, people: int | None) -> Tile:
    return Tile(
        asset_key=release.asset.key,
        title=release.asset.title,
        number=release.version.number,
        release_id=release.pk,
        people=people,
        hundredths=release.flag.percentage_hundredths,
        killed=release.flag.killed,
        since=release.released_at,
    )


def _waiting(mine: QuerySet[Asset]) -> Column:
    """Versions that are newer than anything released of their asset, with what blocks them. 7 queries at most."""
    newest = Version.objects.filter(asset=OuterRef("pk")).order_by("-number")
    shipped = Release.objects.filter(asset=OuterRef("pk")).values("asset").annotate(most=Max("version__number"))
    assets = (
        mine.filter(retired_at=None)
        .annotate(
            newest=Subquery(newest.values("number")[:1]),
            newest_id=Subquery(newest.values("pk")[:1]),
            saved=Subquery(newest.values("created_at")[:1]),
            shipped=Subquery(shipped.values("most")[:1]),
        )
        .filter(Q(shipped=None) | Q(newest__gt=F("shipped")), newest__isnull=False)
        .order_by("-saved")
    )
    total = assets.count()
    shown = list(assets.values_list("key", "title", "newest", "newest_id", "saved")[:MOST_TILES])
    blocked = blocking([row[3] for row in shown])
    tiles = [
        Tile(asset_key=key, title=title, number=number, blocked=len(blocked.get(pk, ())), since=saved)
        for key, title, number, pk, saved in shown
    ]
    return Column(tiles, total)


def _rolled_back(mine: QuerySet[Asset]) -> Column:
    column = Column()
    found = Release.objects.filter(
        asset__in=mine, state=Release.State.ROLLED_BACK, closed_at__gte=timezone.now() - RECENT
    )
    for release in _with_number(found).order_by("-closed_at"):
        column.add(
            Tile(
                asset_key=release.asset.key,
                title=release.asset.title,
                number=release.version.number,
                release_id=release.pk,
                since=release.closed_at,
                reason=release.closed_reason,
            )
        )
    return column
