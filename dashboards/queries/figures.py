"""The one way from telemetry's figures to somebody's eyes: withheld and stepped by who looks (invariant 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from telemetry.policies import FigureScope
from telemetry.queries.outcomes import Cell, OutcomeMap, State, Week
from telemetry.queries.withhold import MINIMUM, STEP, stepped, withhold_cells


@dataclass(frozen=True, slots=True)
class CellFigures:
    """A cell as somebody may see it, and the state it is shown in."""

    cell: Cell
    state: State


def shown_cells(cells: OutcomeMap, scope: FigureScope) -> dict[tuple[int, int], CellFigures]:
    """What `scope` may see of a map whose groups are teams: what must be withheld is missing.

    Where names are not theirs to see, people are counted in full fives, and the state is worked out from that count
    (from the middle of the five it stands for): otherwise the moment a cell turns would tell how one person answered.
    No query.
    """
    return {
        key: CellFigures(cell, cell.state) if key[1] in scope.named else _in_steps(cell)
        for key, cell in withhold_cells(cells, named=scope.named).items()
    }


def _in_steps(cell: Cell) -> CellFigures:
    shown = replace(
        cell,
        reached=stepped(cell.reached),
        answered=stepped(cell.answered),
        able=stepped(cell.able),
        fading=stepped(cell.fading),
    )
    able = _middle(shown.able, shown.people)
    fading = min(_middle(shown.fading, shown.people), shown.people - able) if shown.fading else 0
    return CellFigures(shown, replace(shown, able=able, fading=fading).state)


def _middle(people: int, of: int) -> int:
    """The middle of the numbers that are shown as `people`; 0 for the first five, of whom there may be none."""
    return (people + min(people + STEP - 1, of) + 1) // 2 if people else 0


@dataclass(frozen=True, slots=True)
class WeekShown:
    """One week as somebody may see it. Rates are 0 to 1, None where there is nothing to tell."""

    starts: date
    first_answers: int
    first_right: int
    pass_rate: float | None
    reached: int
    asked: int
    able: int
    able_rate: float | None


def shown_weeks(weeks: Sequence[Week], *, named: bool) -> list[WeekShown]:
    """A series for somebody who sees names in all of its teams (`named`), or not: then in full fives. No query."""
    return [_week(week, named=named) for week in weeks]


def _week(week: Week, *, named: bool) -> WeekShown:
    if named:
        first, right, asked, able, reached = (
            *(week.first_answers, week.first_right),
            *(week.asked, week.able, week.reached),
        )
    else:
        first, right, asked, able, reached = (
            *(stepped(week.first_answers), stepped(week.first_right)),
            *(stepped(week.asked), stepped(week.able), stepped(week.reached)),
        )
    return WeekShown(week.starts, first, right, _rate(right, first), reached, asked, able, _rate(able, asked))


def shown_share(right: int, n: int, *, named: bool) -> tuple[int, int] | None:
    """`right` of `n` people as they may be shown; None when they must be withheld. No query."""
    if named:
        return right, n
    if 0 < n < MINIMUM:
        return None
    return stepped(right), stepped(n)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
