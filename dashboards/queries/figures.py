"""The one way from telemetry's figures to somebody's eyes: withheld and stepped by who looks (invariant 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from telemetry.policies import FigureScope
from telemetry.queries.outcomes import Cell, OutcomeMap, Week
from telemetry.queries.withhold import MINIMUM, stepped, withhold_cells


def shown_cells(cells: OutcomeMap, scope: FigureScope) -> OutcomeMap:
    """What `scope` may see of a map whose groups are teams: what must be withheld is missing.

    Where names are not theirs to see, people are counted in full fives, and the state is that of the count shown:
    otherwise the moment a cell turns would tell how one person answered. No query.
    """
    return {
        key: cell if key[1] in scope.named else _in_steps(cell)
        for key, cell in withhold_cells(cells, named=scope.named).items()
    }


def _in_steps(cell: Cell) -> Cell:
    return replace(
        cell,
        reached=stepped(cell.reached),
        answered=stepped(cell.answered),
        able=stepped(cell.able),
        fading=stepped(cell.fading),
    )


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
