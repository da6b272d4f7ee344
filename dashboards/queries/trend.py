"""One outcome over the weeks, with the releases of what teaches it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from dashboards.queries.board import Board
from dashboards.queries.figures import WeekShown, shown_weeks
from dashboards.queries.frameworks import OutcomeRow
from dashboards.queries.teaching import Released, releases_of_outcome
from telemetry.policies import FigureScope
from telemetry.queries.outcomes import series

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Trend:
    """Weeks oldest first, and the releases between the first and now. `exact`: not in full fives."""

    outcome: OutcomeRow
    weeks: Sequence[WeekShown]
    releases: Sequence[Released]
    exact: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure in any week."""
        return all(week.able_rate is None and week.pass_rate is None for week in self.weeks)

    @property
    def rows(self) -> list[tuple[WeekShown, list[Released]]]:
        """Each week with its releases, for the table."""
        return [
            (week, [r for r in self.releases if week.starts <= r.at.date() < week.starts + timedelta(days=7)])
            for week in self.weeks
        ]


def trend(outcome: OutcomeRow, team_ids: Collection[int], scope: FigureScope, *, weeks: int = WEEKS) -> Trend:
    """The series over all people of the teams together, as `scope` may see it. 4 queries."""
    exact = frozenset(team_ids) <= scope.named
    shown = shown_weeks(series(outcome.id, team_ids, weeks=weeks), named=exact)
    since = datetime.combine(shown[0].starts, time(), UTC)
    return Trend(outcome, shown, releases_of_outcome(outcome.id, since), exact)


def outcome_to_watch(board: Board) -> OutcomeRow | None:
    """The outcome whose trend stands beside the map: the one that most people answered; None when nobody did."""
    answered: dict[OutcomeRow, int] = {}
    for shown in board.cells:
        if shown.cell:
            answered[shown.outcome] = answered.get(shown.outcome, 0) + shown.cell.answered
    best = max(answered, key=lambda outcome: answered[outcome], default=None)
    return best if best and answered[best] else None
