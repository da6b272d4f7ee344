"""One team: its outcomes, the teams beside and below it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from dashboards.queries.board import CellShown, TeamColumn, board
from dashboards.queries.figures import shown_share
from dashboards.queries.frameworks import OutcomeRow
from dashboards.queries.trend import WEEKS
from people.models import Team
from people.queries.teams import TeamRow, team_rows
from telemetry.policies import FigureScope
from telemetry.queries.item import Share
from telemetry.queries.rates import first_tries_by_outcome


@dataclass(frozen=True, slots=True)
class TeamOutcome:
    """One outcome in the team. `first`: first tries of the last 13 weeks; None when there are none to show."""

    shown: CellShown
    first: Share | None

    @property
    def percent(self) -> int | None:
        """First tries that were right, in per cent."""
        return None if self.first is None or self.first.p is None else round(100 * self.first.p)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """What the page of one team shows of it as a whole."""

    team: TeamColumn
    outcomes: Sequence[TeamOutcome]
    above: TeamRow | None  # when the reader may see it too
    below: Sequence[TeamRow]


def team_page(team: Team, outcomes: Sequence[OutcomeRow], scope: FigureScope, versions: Collection[int]) -> TeamPage:
    """The team as `scope` may see it: its own members, not those of the teams below. 3 queries."""
    rows = {row.id: row for row in team_rows(scope.teams)}
    column = TeamColumn(team.pk, team.key, team.name, rows[team.pk].members, team.pk in scope.named)
    cells = [row[0] for row in board(outcomes, [column], scope, versions).rows]
    since = timezone.now().date() - timedelta(weeks=WEEKS)
    first = first_tries_by_outcome([o.id for o in outcomes], [team.pk], since=since)
    return TeamPage(
        column,
        [TeamOutcome(cell, _first(cell, first)) for cell in cells],
        rows.get(team.parent_id or 0),
        [row for row in rows.values() if row.parent_id == team.pk],
    )


def _first(cell: CellShown, first: Mapping[int, Share]) -> Share | None:
    """Answers of a cell that is withheld are withheld with it."""
    found = first.get(cell.outcome.id)
    if found is None or cell.cell is None:
        return None
    shown = shown_share(found.right, found.n, named=cell.team.named)
    return None if shown is None else Share(*shown)
