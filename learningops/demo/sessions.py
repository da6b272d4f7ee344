"""Who opens what when, and whether they will be able afterwards: planned from the goals of activity.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from math import ceil
from random import Random
from typing import Final

from learningops.demo.clock import days_before

ABLE, FADING, NOT_YET, FEW, NONE = "able", "fading", "not_yet", "few", "none"
_WEIGHT: Final = {ABLE: 0, NOT_YET: 1, FADING: 2, FEW: 3, NONE: 4}  # the goal that decides for an asset with several
_RECENT: Final = (1.2, 26.0)  # days before the load
_BEFORE: Final = (30.0, 84.0)
_LONG_AGO: Final = (95.0, 116.0)  # older than evidence stays fresh
FEW_PEOPLE: Final = 3

Goals = Mapping[str, Mapping[str, str]]  # outcome key → team key → goal


@dataclass(frozen=True, slots=True)
class Learner:
    """A person as the plan needs them."""

    id: int
    username: str
    team: str
    started: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """One person opens one asset. `able`: the last answer to each of its checks is right."""

    at: datetime
    person_id: int
    asset_key: str
    able: bool


def plan_sessions(
    learners: Sequence[Learner], taught: Mapping[str, Sequence[str]], goals: Goals, *, now: datetime, dice: Random
) -> list[Session]:
    """Every session, the earliest first. `taught`: asset key → keys of the outcomes of its checks and its own."""
    teams: dict[str, list[Learner]] = {}
    for learner in learners:
        teams.setdefault(learner.team, []).append(learner)
    sessions: list[Session] = []
    for key, outcomes in taught.items():
        for team, members in teams.items():
            wanted = [goals.get(outcome, {}).get(team, NONE) for outcome in outcomes]
            goal = max(wanted, key=_WEIGHT.__getitem__, default=NONE)
            sessions += _sessions_of(key, members, goal, now, dice)
    return sorted(sessions, key=lambda session: (session.at, session.person_id, session.asset_key))


def _sessions_of(key: str, members: list[Learner], goal: str, now: datetime, dice: Random) -> list[Session]:
    """What one team does with one asset. The order of the members says who is able, so that it is the same people."""
    if goal == NONE:
        return []
    if goal == FEW:
        return [_session(key, who, _RECENT, now, dice, able=True) for who in members[:FEW_PEOPLE]]
    if goal == FADING:
        asked = members[: ceil(0.88 * len(members))]
        return [_session(key, who, _LONG_AGO, now, dice, able=True) for who in asked]
    able_until, asked_until = (0.9, 0.97) if goal == ABLE else (0.45, 0.8)
    found: list[Session] = []
    for place, who in enumerate(members):
        if place >= ceil(asked_until * len(members)):
            continue
        able = place < ceil(able_until * len(members))
        if dice.random() < 0.45:
            found.append(_session(key, who, _BEFORE, now, dice, able=able and dice.random() < 0.6))
        found.append(_session(key, who, _RECENT, now, dice, able=able))
    return found


def _session(key: str, who: Learner, span: tuple[float, float], now: datetime, dice: Random, *, able: bool) -> Session:
    at = days_before(now, dice.uniform(*span))
    at = datetime.combine(at.date(), time(8 + dice.randrange(9), dice.randrange(60), dice.randrange(60)), tzinfo=UTC)
    if who.started is not None and at < who.started:
        at = min(who.started, days_before(now, 1.1))
    return Session(at, who.id, key, able)
