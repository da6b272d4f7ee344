"""One outcome: its teams, its checks, what teaches it, its trend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assets.models import Outcome
from dashboards.queries.board import Board, CellShown, TeamColumn, board, team_columns
from dashboards.queries.figures import shown_share
from dashboards.queries.frameworks import OutcomeRow
from dashboards.queries.teaching import Teaches, teaching
from dashboards.queries.trend import Trend, trend
from telemetry.policies import FigureScope
from telemetry.queries.item import Share
from telemetry.queries.rates import CheckRate, first_tries_by_check


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A check that tests the outcome. `first` is None when withheld; over 0 people when nobody answered."""

    rate: CheckRate
    teaches: Teaches | None
    first: Share | None
    exact: bool

    @property
    def percent(self) -> int | None:
        """First tries that were right, in per cent."""
        return None if self.first is None or self.first.p is None else round(100 * self.first.p)

    @property
    def n(self) -> str:
        """How many people."""
        return "" if self.first is None else f"{self.first.n}{'' if self.exact else '+'}"

    @property
    def between(self) -> tuple[int, int] | None:
        """Bounds of the 95% interval, in per cent."""
        interval = self.first.interval if self.first else None
        return None if interval is None else (round(100 * interval[0]), round(100 * interval[1]))


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What the page of one outcome shows. `team`: the one it looks at, None for all that the reader may see."""

    outcome: Outcome
    row: OutcomeRow
    team: TeamColumn | None
    board: Board
    checks: Sequence[CheckShown]
    assets: Sequence[Teaches]
    trend: Trend

    @property
    def cells(self) -> Sequence[CellShown]:
        """One per team."""
        return self.board.rows[0] if self.board.rows else ()


def outcome_page(key: str, team: str, scope: FigureScope, versions: Collection[int]) -> OutcomePage | None:
    """The outcome `key` as `scope` may see it, of the team with that key or of all. None when there is none.

    9 queries.
    """
    outcome = Outcome.objects.select_related("framework", "parent").filter(key=key, is_group=False).first()
    if outcome is None:
        return None
    row = OutcomeRow(outcome.pk, outcome.key, outcome.statement, str(outcome.parent or ""))
    columns = team_columns(scope)
    one = next((column for column in columns if column.key == team), None)
    among = [one.id] if one else [column.id for column in columns]
    assets = teaching([row.id], versions).get(row.id, [])
    exact = frozenset(among) <= scope.named
    return OutcomePage(
        outcome,
        row,
        one,
        board([row], columns, scope, versions),
        [_check(rate, assets, exact=exact) for rate in first_tries_by_check(row.id, among, versions=versions)],
        assets,
        trend(row, among, scope),
    )


def _check(rate: CheckRate, assets: Sequence[Teaches], *, exact: bool) -> CheckShown:
    shown = shown_share(rate.first.right, rate.first.n, named=exact)
    home = next((asset for asset in assets if asset.version_id == rate.version_id), None)
    return CheckShown(rate, home, None if shown is None else Share(*shown), exact)
