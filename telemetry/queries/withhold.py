"""Invariant 9: a figure over fewer than 5 people is withheld, and so is any figure it could be worked out from.

Pure. For viewers who may not see names in the group; those who may get the figures as they are.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from telemetry.queries.outcomes import Cell, OutcomeMap

MINIMUM: Final = 5
STEP: Final = 5  # live figures move in steps of this many people

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
_Vertex = tuple[str, Hashable]
_FREE: Final[_Vertex] = ("free", None)  # no equation: what is on this side is not added up anywhere
_GRAND: Final[_Vertex] = ("grand", None)  # both kinds of totals add up to the same


def stepped(people: int, *, step: int = STEP) -> int:
    """`people` rounded down to a step: what a live figure shows, so that one person's answer does not show."""
    return people - people % step


@dataclass(frozen=True, slots=True)
class Withheld(Generic[Row, Column]):
    """What must not be shown of a table."""

    cells: frozenset[tuple[Row, Column]]
    row_totals: frozenset[Row]
    column_totals: frozenset[Column]


@dataclass(frozen=True, slots=True)
class _Edge:
    """One figure of the table, between the two equations it is in."""

    ends: tuple[_Vertex, _Vertex]
    people: int
    is_total: bool

    def cost(self) -> tuple[bool, bool, int]:
        """Cells before totals, few people before many; an empty cell hides nothing and comes last of the cells."""
        return self.is_total, self.people == 0, self.people


def suppress(
    table: Mapping[tuple[Row, Column], int],
    *,
    row_totals: Mapping[Row, int] | None = None,
    column_totals: Mapping[Column, int] | None = None,
    minimum: int = MINIMUM,
) -> Withheld[Row, Column]:
    """Which cells, row totals and column totals of a table of people must not be shown.

    Args:
        table: (row, column) → number of people the cell's figures are over. Give `row_totals` only when the cells of a
            row are disjoint people and the total is shown beside them; `column_totals` likewise.
        minimum: figures over 1 to `minimum` - 1 people are withheld. 0 people is a fact about nobody and is shown.

    A row with its total is an equation, so a single withheld cell in it is no secret. With equations as vertices and
    withheld figures as edges, exactly the figures on bridges can be worked out (Gusfield 1988, "A graph theoretic
    approach to data security"). So the smallest further figures are withheld until none lies on a bridge, and until
    what is withheld beside a shown total is over at least `minimum` people together, since their sum is then known.
    """
    edges: dict[Hashable, _Edge] = {}
    for (row, column), people in table.items():
        ends = (_vertex("row", row, row_totals), _vertex("column", column, column_totals))
        edges["cell", row, column] = _Edge(ends, people, is_total=False)
    other = _GRAND if row_totals is not None and column_totals is not None else _FREE
    for row, people in (row_totals or {}).items():
        edges["row", row] = _Edge((("row", row), other), people, is_total=True)
    for column, people in (column_totals or {}).items():
        edges["column", column] = _Edge((("column", column), other), people, is_total=True)
    hidden = {name for name, edge in edges.items() if 0 < edge.people < minimum}
    while (more := _next_to_hide(edges, hidden, minimum)) is not None:
        hidden.add(more)
    return Withheld(
        frozenset(key for key in table if ("cell", *key) in hidden),
        frozenset(row for row in row_totals or {} if ("row", row) in hidden),
        frozenset(column for column in column_totals or {} if ("column", column) in hidden),
    )


def _vertex(side: str, name: Hashable, totals: Mapping[Row, int] | None) -> _Vertex:
    return (side, name) if totals is not None and name in totals else _FREE


def _next_to_hide(edges: Mapping[Hashable, _Edge], hidden: set[Hashable], minimum: int) -> Hashable | None:
    for candidates in (*_small_sums(edges, hidden, minimum), *_bridges(edges, hidden)):
        if candidates:
            return min(candidates, key=lambda name: (edges[name].cost(), str(name)))
    return None


def _small_sums(edges: Mapping[Hashable, _Edge], hidden: set[Hashable], minimum: int) -> Iterator[list[Hashable]]:
    """Per equation whose withheld figures add up to a known small number: what could be withheld beside them."""
    people: dict[_Vertex, int] = {}
    total_hidden: set[_Vertex] = set()
    for name in hidden:
        edge = edges[name]
        for end in edge.ends:
            people[end] = people.get(end, 0) + edge.people
            if edge.is_total:
                total_hidden.add(end)
    for vertex, sum_of_hidden in people.items():
        if vertex not in (_FREE, _GRAND) and vertex not in total_hidden and 0 < sum_of_hidden < minimum:
            yield [n for n, edge in edges.items() if n not in hidden and vertex in edge.ends and edge.people]


def _bridges(edges: Mapping[Hashable, _Edge], hidden: set[Hashable]) -> Iterator[list[Hashable]]:
    """Per withheld figure that the others leave no choice: what could be withheld to leave one."""
    for name in hidden:
        start, end = edges[name].ends
        if start == end:
            continue
        side = _joined(start, [edges[other].ends for other in hidden if other != name])
        if end not in side:
            yield [n for n, e in edges.items() if n not in hidden and (e.ends[0] in side) != (e.ends[1] in side)]


def _joined(start: _Vertex, pairs: list[tuple[_Vertex, _Vertex]]) -> set[_Vertex]:
    """The vertices that can be reached from `start`."""
    found, grew = {start}, True
    while grew:
        grew = False
        for a, b in pairs:
            if (a in found) != (b in found):
                found |= {a, b}
                grew = True
    return found


def withhold_cells(cells: OutcomeMap, *, totals: bool = False, named: frozenset[int] = frozenset()) -> OutcomeMap:
    """An outcome map for a viewer without the right to names: cells that must be withheld are left out.

    A cell's figures are over the people reached; it is withheld when these, or the people of the group, are fewer
    than 5, or when another withheld cell of its row could be worked out from it.

    Args:
        cells: of `telemetry.queries.outcomes.outcome_map`; the groups must not overlap.
        totals: whether the page shows the sum of a row beside it.
        named: groups whose people the viewer may see by name: never withheld.
    """
    table = {key: 0 if key[1] in named else _people_behind(cell) for key, cell in cells.items()}
    rows = {key[0] for key in table}
    sums = {row: sum(n for key, n in table.items() if key[0] == row) for row in rows}
    withheld = suppress(table, row_totals=sums if totals else None).cells
    return {key: cell for key, cell in cells.items() if key not in withheld or key[1] in named}


def _people_behind(cell: Cell) -> int:
    if 0 < cell.people < MINIMUM:
        return cell.people
    return cell.reached
