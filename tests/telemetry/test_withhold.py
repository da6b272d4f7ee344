"""Invariant 9 as arithmetic: whoever knows what is shown cannot work out what is not."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.queries.outcomes import Cell
from telemetry.queries.withhold import MINIMUM, stepped, suppress, withhold_cells

tables = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 12), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


def can_be_worked_out(equations: list[list[int]], wanted: list[int]) -> bool:
    """Whether `wanted` is a combination of `equations` (rows over the unknown figures): Gaussian elimination."""
    rows = [[Fraction(x) for x in row] for row in equations]
    target = [Fraction(x) for x in wanted]
    for column in range(len(wanted)):
        pivot = next((row for row in rows if row[column] != 0), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [x / pivot[column] for x in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        factor = target[column]
        target = [a - factor * b for a, b in zip(target, pivot, strict=True)]
    return not any(target)


@given(numbers=tables, by_row=st.booleans(), by_column=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_withheld_figure_can_be_worked_out(numbers: list[list[int]], by_row: bool, by_column: bool) -> None:
    table = {(r, c): n for r, row in enumerate(numbers) for c, n in enumerate(row)}
    row_totals = {r: sum(row) for r, row in enumerate(numbers)}
    column_totals = {c: sum(row[c] for row in numbers) for c in range(len(numbers[0]))}
    result = suppress(
        table, row_totals=row_totals if by_row else None, column_totals=column_totals if by_column else None
    )
    small = {key for key, n in table.items() if 0 < n < MINIMUM}
    assert small <= result.cells

    unknown = [("cell", *key) for key in sorted(result.cells)]
    unknown += [("row", r) for r in sorted(result.row_totals)] + [("column", c) for c in sorted(result.column_totals)]
    equations = []
    if by_row:
        equations += [
            [1 if name[0] == "cell" and name[1] == r else -1 if name == ("row", r) else 0 for name in unknown]
            for r in row_totals
        ]
    if by_column:
        equations += [
            [1 if name[0] == "cell" and name[2] == c else -1 if name == ("column", c) else 0 for name in unknown]
            for c in column_totals
        ]
    for i, name in enumerate(unknown):
        alone = [int(i == j) for j in range(len(unknown))]
        assert not can_be_worked_out(equations, alone), name
    if by_row:
        for r in set(row_totals) - result.row_totals:
            together = sum(n for (row, _c), n in table.items() if row == r and (row, _c) in result.cells)
            assert together == 0 or together >= MINIMUM


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (4, 0), (5, 5), (9, 5), (34, 30)])
def test_live_figures_move_in_steps(people: int, shown: int) -> None:
    assert stepped(people) == shown


def test_nothing_is_withheld_without_need() -> None:
    table = {("o", "a"): 0, ("o", "b"): 5, ("o", "c"): 30}
    assert suppress(table, row_totals={"o": 35}).cells == frozenset()


def test_a_lone_small_cell_beside_a_total_takes_the_next_smallest_with_it() -> None:
    table = {("o", "a"): 2, ("o", "b"): 9, ("o", "c"): 7, ("p", "a"): 6, ("p", "b"): 6, ("p", "c"): 6}
    assert suppress(table).cells == {("o", "a")}
    assert suppress(table, row_totals={"o": 18, "p": 18}).cells == {("o", "a"), ("o", "c")}


def cell(group: int, people: int, reached: int) -> Cell:
    return Cell(1, group, covered=True, people=people, reached=reached, answered=reached, able=0, fading=0)


def test_cells_of_the_map() -> None:
    cells = {
        (1, g): cell(g, people, reached) for g, (people, reached) in enumerate([(34, 30), (40, 3), (3, 0), (20, 9)])
    }
    assert set(withhold_cells(cells)) == {(1, 0), (1, 3)}
    assert set(withhold_cells(cells, named=frozenset({1, 2}))) == set(cells)
    few = {key: value for key, value in cells.items() if key != (1, 2)}
    assert set(withhold_cells(few, totals=True)) == {(1, 0)}, "3 and 9 together: neither can be worked out"
