"""The outcome map as a page shows it: outcomes under their headings, teams as columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from dashboards.queries.figures import CellFigures, shown_cells
from dashboards.queries.frameworks import OutcomeRow
from people.queries.teams import TeamRow, team_rows
from telemetry.policies import FigureScope
from telemetry.queries.outcomes import Cell, State, outcome_map

# The names that the look has for the states (static/css, templatetags.look).
LOOKS: Final[Mapping[State, str]] = {
    State.NOT_COVERED: "none",
    State.NOT_REACHED: "unreached",
    State.NOT_ABLE_YET: "notyet",
    State.ABLE: "able",
    State.FADING: "fading",
}


@dataclass(frozen=True, slots=True)
class TeamColumn:
    """A team with people of its own. Its figures are over its own members, not over the teams below it."""

    id: int
    key: str
    name: str
    members: int
    named: bool  # whether the reader sees names in it


@dataclass(frozen=True, slots=True)
class CellShown:
    """One outcome in one team, as its reader may see it. `figures` is None when it is withheld."""

    outcome: OutcomeRow
    team: TeamColumn
    figures: CellFigures | None

    @property
    def cell(self) -> Cell | None:
        """Its figures, in full fives where names are not shown."""
        return self.figures.cell if self.figures else None

    @property
    def state(self) -> State | None:
        """What it is shown as; None when it is withheld."""
        return self.figures.state if self.figures else None

    @property
    def look(self) -> str:
        """none, unreached, notyet, able, fading or few."""
        return "few" if self.figures is None else LOOKS[self.figures.state]

    @property
    def counted(self) -> bool:
        """Whether there are people to count: it is covered and not withheld."""
        return self.cell is not None and self.cell.covered

    @property
    def able(self) -> str:
        """How many are able: "31", or in full fives where names are not shown: "30+", "under 5"."""
        return "" if self.cell is None else self._people(self.cell.able)

    @property
    def reached(self) -> str:
        """How many were reached, written like `able`."""
        return "" if self.cell is None else self._people(self.cell.reached)

    @property
    def fading(self) -> str:
        """How many are fading, written like `able`."""
        return "" if self.cell is None else self._people(self.cell.fading)

    def _people(self, number: int) -> str:
        if self.cell and self.cell.reached == 0:
            return "0"  # 1 to 4 would be withheld
        return in_fives(number, self.team)

    @property
    def place(self) -> str:
        """A name for the element that shows it, the same from one answer to the next."""
        return f"c{self.outcome.id}-{self.team.id}"


@dataclass(frozen=True, slots=True)
class Board:
    """The map: rows under their headings, each with one cell per column."""

    columns: Sequence[TeamColumn]
    rows: Sequence[Sequence[CellShown]]  # never empty rows

    @property
    def groups(self) -> list[tuple[str, list[Sequence[CellShown]]]]:
        """(heading, its rows), in order."""
        return [(heading, list(rows)) for heading, rows in groupby(self.rows, key=lambda row: row[0].outcome.heading)]

    @property
    def cells(self) -> Iterable[CellShown]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row)

    @property
    def withheld(self) -> int:
        """How many cells are withheld."""
        return sum(cell.cell is None for cell in self.cells)

    @property
    def stepped(self) -> bool:
        """Whether some people are counted in full fives."""
        return any(not column.named for column in self.columns)


def team_columns(scope: FigureScope, rows: Sequence[TeamRow] | None = None) -> list[TeamColumn]:
    """The teams of `scope` that have members, in the order of the tree. 1 query, none when `rows` are given."""
    found = team_rows(scope.teams) if rows is None else rows
    return [TeamColumn(t.id, t.key, t.name, t.members, t.id in scope.named) for t in found if t.members]


def board(
    outcomes: Sequence[OutcomeRow], columns: Sequence[TeamColumn], scope: FigureScope, versions: Iterable[int]
) -> Board:
    """Every outcome in every team, as `scope` may see it. 1 query whatever the number of both."""
    if not columns:
        return Board(columns, [])
    groups = {column.id: [column.id] for column in columns}
    cells = shown_cells(outcome_map([o.id for o in outcomes], groups, versions=list(versions)), scope)
    return Board(columns, [[CellShown(o, t, cells.get((o.id, t.id))) for t in columns] for o in outcomes])


def in_fives(people: int, team: TeamColumn) -> str:
    """A number of people of the team, exact for who sees names there, else in full fives."""
    if team.named or people == team.members:
        return str(people)
    return _("%(n)d+") % {"n": people} if people else _("under 5")
