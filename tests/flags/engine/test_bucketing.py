"""Buckets: known values, evenness, independence, and widening that removes nobody."""

import hashlib
import uuid
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.engine import BUCKETS, FULL, bucket, in_percentage

UNITS = [str(uuid.UUID(int=Random(number).getrandbits(128), version=4)) for number in range(20_000)]


def test_the_bucket_is_the_documented_formula() -> None:
    digest = hashlib.sha256(b"salt\x1fgate\x1funit").digest()
    assert bucket("salt", "gate", "unit") == int.from_bytes(digest[:8], "big") % 100_000


def test_the_hash_can_be_replaced() -> None:
    assert bucket("s", "p", "u", digest=lambda _data: b"\x00" * 7 + b"\x2a" + b"\xff" * 9) == 42


def test_parts_cannot_be_confused_with_each_other() -> None:
    assert bucket("ab", "c", "u") != bucket("a", "bc", "u")


@given(st.integers(0, BUCKETS - 1), st.integers(0, FULL), st.integers(0, FULL))
def test_widening_removes_nobody(number: int, one: int, other: int) -> None:
    narrow, wide = sorted((one, other))
    assert not in_percentage(number, narrow) or in_percentage(number, wide)


@given(st.integers(0, BUCKETS - 1))
def test_none_is_nobody_and_all_is_everybody(number: int) -> None:
    assert not in_percentage(number, 0)
    assert in_percentage(number, FULL)


@pytest.mark.parametrize("hundredths", [100, 1_000, 5_000, 9_000])
def test_a_percentage_takes_its_share(hundredths: int) -> None:
    taken = sum(in_percentage(bucket("5" * 32, "gate", unit), hundredths) for unit in UNITS)
    share = hundredths / FULL
    spread = (len(UNITS) * share * (1 - share)) ** 0.5
    assert abs(taken - len(UNITS) * share) < 5 * spread


@pytest.mark.parametrize(
    ("one", "other"), [(("a" * 32, "gate"), ("b" * 32, "gate")), (("a" * 32, "gate"), ("a" * 32, "arm"))]
)
def test_two_salts_and_two_purposes_are_independent(one: tuple[str, str], other: tuple[str, str]) -> None:
    # a 2 x 2 table of "in the first half" by flag; chi-square with one degree of freedom
    cells = [[0, 0], [0, 0]]
    for unit in UNITS:
        cells[in_percentage(bucket(*one, unit), 5_000)][in_percentage(bucket(*other, unit), 5_000)] += 1
    rows = [sum(row) for row in cells]
    columns = [cells[0][place] + cells[1][place] for place in (0, 1)]
    expected = [[row * column / len(UNITS) for column in columns] for row in rows]
    chi = sum((cells[r][c] - expected[r][c]) ** 2 / expected[r][c] for r in (0, 1) for c in (0, 1))
    assert chi < 20  # p below 1e-5 otherwise; the units are fixed, so this never flickers
