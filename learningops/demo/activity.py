"""Weeks of use: the sessions as events, on the version that each person was given at that time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5

from django.db import connection

from assets.content import Check, grade
from assets.models import VersionCheck
from delivery.queries.stack import decided_sql
from learningops.demo.answers import respond
from learningops.demo.sessions import Session
from telemetry.actions.record import Event, record

_NAMES: Final = UUID("5d2a6d0e-2f57-4c0b-9f41-3c5a1f0d7c11")  # ids of the demo's events are made from this
_CHANNELS: Final = ("portal",) * 6 + ("slack", "email")
_AWAY_FROM_PORTAL: Final = frozenset({"slack", "email"})

Decided = tuple[int, int]  # version id, release id
Checks = Mapping[int, Sequence[tuple[int, Check]]]


class Activity:
    """Turns sessions into statements. Keeps what it read of versions: they never change."""

    def __init__(self, asset_ids: Mapping[str, int], dice: Random) -> None:
        self._asset_ids, self._dice = asset_ids, dice
        self._checks: dict[int, list[tuple[int, Check]]] = {}
        self._made = 0

    def play(self, sessions: Sequence[Session]) -> int:
        """Record what happens in these sessions, by today's decisions. Returns how many statements that were.

        2 queries for each asset opened, and those of `record`.
        """
        decisions = {key: decisions_on(self._asset_ids[key]) for key in {session.asset_key for session in sessions}}
        self._read_checks({version for given in decisions.values() for version, _release in given.values()})
        events: list[Event] = []
        for session in sessions:
            given = decisions[session.asset_key].get(session.person_id)
            if given is not None:
                events += self._events(session, given)
        record(events)
        return len(events)

    def _events(self, session: Session, given: Decided) -> Iterable[Event]:
        version_id, release_id = given
        channel = self._dice.choice(_CHANNELS)
        at = session.at

        def event(verb: str, *, seconds: float, **more: object) -> Event:
            nonlocal at
            at += timedelta(seconds=seconds)
            self._made += 1
            return Event(
                verb=verb, person_id=session.person_id, version_id=version_id, release_id=release_id, channel=channel,
                at=at, id=uuid5(_NAMES, f"{self._made}:{session.person_id}:{session.asset_key}:{at.isoformat()}"),
                **more,  # type: ignore[arg-type]
            )  # fmt: skip

        if channel in _AWAY_FROM_PORTAL:
            yield event("interacted", seconds=0)
        yield event("experienced", seconds=2)
        for check_id, check in self._checks[version_id]:
            for right in self._tries(able=session.able):
                response = respond(check, right=right, dice=self._dice)
                result = grade(check, response)
                seconds = self._dice.uniform(8, 70)
                yield event(
                    "answered", seconds=seconds, check_id=check_id, check_key=check.key, response=response,
                    right=result.right, score=result.score, duration_s=round(seconds, 1),
                )  # fmt: skip
        if self._dice.random() < 0.3:
            yield event("rated", seconds=4, right=self._dice.random() < (0.92 if session.able else 0.6))

    def _tries(self, *, able: bool) -> list[bool]:
        """Whether each try is right. Who is able gets there, some at the second try."""
        if able:
            return [True] if self._dice.random() < 0.78 else [False, True]
        return [False] if self._dice.random() < 0.7 else [False, False]

    def _read_checks(self, version_ids: Iterable[int]) -> None:
        missing = [pk for pk in version_ids if pk not in self._checks]
        for pk in missing:
            self._checks[pk] = []
        rows = VersionCheck.objects.filter(version__in=missing).order_by("version", "position")
        for version_id, check_id, data in rows.values_list("version_id", "check_identity_id", "data"):
            self._checks[version_id].append((check_id, Check.from_dict(data)))


def decisions_on(asset_id: int) -> dict[int, Decided]:
    """Who is given which version of one asset through which release. At most 3 queries."""
    sql, params = decided_sql(asset_id)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {person: (version, release) for person, version, release in cursor.fetchall()}


def due_before(sessions: list[Session], moment: datetime) -> list[Session]:
    """Take the sessions before `moment` off the front of the list."""
    count = next((n for n, session in enumerate(sessions) if session.at >= moment), len(sessions))
    taken = sessions[:count]
    del sessions[:count]
    return taken
