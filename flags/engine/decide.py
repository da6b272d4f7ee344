"""Is this person in, and why: one flag, one person, no state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flags.engine.bucketing import FULL, GATE, bucket, in_percentage, in_percentage_sql
from flags.engine.context import Context
from flags.engine.match import matches
from flags.engine.rules import Rule
from flags.engine.sql import Distinct, to_sql


class Reason(StrEnum):
    """Why a decision is what it is. The values are stable: they are recorded."""

    KILLED = "killed"
    BROKEN = "audience_broken"
    OUTSIDE = "outside_audience"
    NO_UNIT = "no_unit"
    ABOVE = "above_percentage"
    WITHIN = "within_percentage"
    ALL = "whole_audience"


@dataclass(frozen=True, slots=True)
class FlagSpec:
    """What the engine needs of a flag.

    Args:
        key: its name.
        salt: hashed with the person; never changes in the life of a flag.
        rule: the audience; None when the stored rule can no longer be read, which lets nobody in.
        hundredths: share of the audience, 0 to 10,000.
        kill: nobody, whatever else is said.
    """

    key: str
    salt: str
    rule: Rule | None
    hundredths: int = FULL
    kill: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and its reason.

    Args:
        on: whether the person is in.
        reason: a stable code.
        bucket: 0 to 99,999 when the percentage was asked, else None.
        hundredths: the flag's percentage, 0 to 10,000.
    """

    on: bool
    reason: Reason
    bucket: int | None = None
    hundredths: int = FULL


def decide(flag: FlagSpec, context: Context, *, in_audience: bool | None = None) -> Decision:
    """Decide one flag for one person, in this order: kill, audience, percentage. Whoever has no unit is out.

    Args:
        flag: the flag.
        context: the person.
        in_audience: ``matches(flag.rule, context)`` when the caller has it already (one audience serves many flags).
    """
    if flag.kill:
        return Decision(False, Reason.KILLED, None, flag.hundredths)
    if flag.rule is None:
        return Decision(False, Reason.BROKEN, None, flag.hundredths)
    if not (matches(flag.rule, context) if in_audience is None else in_audience):
        return Decision(False, Reason.OUTSIDE, None, flag.hundredths)
    if not context.unit:
        return Decision(False, Reason.NO_UNIT, None, flag.hundredths)
    if flag.hundredths >= FULL:
        return Decision(True, Reason.ALL, None, flag.hundredths)
    number = bucket(flag.salt, GATE, context.unit)
    if in_percentage(number, flag.hundredths):
        return Decision(True, Reason.WITHIN, number, flag.hundredths)
    return Decision(False, Reason.ABOVE, number, flag.hundredths)


def decide_sql(flag: FlagSpec, *, today: date, distinct: Distinct | None = None) -> tuple[str, list[Any]]:
    """The same decision as an SQL condition over ``people_user u``: true for exactly the people who are in.

    Args:
        flag: the flag.
        today: the day for ``tenure_days``.
        distinct: as for :func:`flags.engine.sql.to_sql`.
    """
    if flag.kill or flag.rule is None:
        return "FALSE", []
    audience, params = to_sql(flag.rule, today=today, distinct=distinct)
    gate, more = in_percentage_sql(flag.salt, GATE, flag.hundredths)
    return f"({audience} AND {gate})", [*params, *more]
