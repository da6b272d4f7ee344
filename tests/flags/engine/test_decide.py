"""Decisions: the order, the reasons, and that the kill switch wins."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from flags.engine import EVERYONE, FULL, NOBODY, Context, Decision, FlagSpec, Reason, bucket, decide

PERSON = Context(1, "amara", "00000000-0000-4000-8000-000000000001", date(2026, 11, 23))
FLAG = FlagSpec("release:x", "a" * 32, EVERYONE)
BUCKET = bucket(FLAG.salt, "gate", str(PERSON.unit))


def test_the_whole_audience_needs_no_bucket() -> None:
    assert decide(FLAG, PERSON) == Decision(True, Reason.ALL)


def test_within_and_above_the_percentage() -> None:
    share = BUCKET // 10 + 1
    assert decide(replace(FLAG, hundredths=share), PERSON) == Decision(True, Reason.WITHIN, BUCKET, share)
    assert decide(replace(FLAG, hundredths=share - 1), PERSON) == Decision(False, Reason.ABOVE, BUCKET, share - 1)


def test_outside_the_audience() -> None:
    assert decide(replace(FLAG, rule=NOBODY), PERSON).reason is Reason.OUTSIDE
    assert decide(FLAG, PERSON, in_audience=False).reason is Reason.OUTSIDE


def test_who_has_no_unit_is_out_even_at_100_per_cent() -> None:
    assert decide(FLAG, replace(PERSON, unit=None)) == Decision(False, Reason.NO_UNIT)


def test_a_rule_that_cannot_be_read_lets_nobody_in() -> None:
    assert decide(replace(FLAG, rule=None), PERSON, in_audience=True) == Decision(False, Reason.BROKEN)


@given(st.integers(0, FULL), st.sampled_from([EVERYONE, NOBODY, None]), st.sampled_from([True, False, None]))
def test_kill_wins(hundredths: int, rule: object, in_audience: bool | None) -> None:
    flag = FlagSpec("f", "a" * 32, rule, hundredths, kill=True)  # type: ignore[arg-type]
    assert decide(flag, PERSON, in_audience=in_audience) == Decision(False, Reason.KILLED, None, hundredths)
