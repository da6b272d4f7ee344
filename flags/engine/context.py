"""What the engine knows about one person, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Context:
    """One person as the rules see them.

    Args:
        person_id: the row's id; not used by rules.
        username: what ``person`` is compared with.
        unit: the stable text that is hashed into a bucket (the pseudonym's UUID); None puts them out of any percentage.
        team_keys: from the person's own team up to the root; empty without a team.
        job_role, region, locale: empty when not known.
        start_date: first day at work, for ``tenure_days``; None when not known.
        groups: names of the groups they are in.
        attributes: the declared attributes as decoded JSON; values of the wrong kind are treated as not there.
        today: the day for which the question is asked.
        active: a deactivated person matches no rule, not even ``{"all": []}``.
    """

    person_id: int
    username: str
    unit: str | None
    today: date
    team_keys: tuple[str, ...] = ()
    job_role: str = ""
    region: str = ""
    locale: str = ""
    start_date: date | None = None
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, object] = field(default_factory=dict)
    active: bool = True

    def value(self, name: str) -> object:
        """The raw value of the built-in field ``name``; None when it is not there."""
        if name == "person":
            return self.username
        if name == "team":
            return self.team_keys
        if name == "team_only":
            return self.team_keys[0] if self.team_keys else None
        if name == "tenure_days":
            return None if self.start_date is None else (self.today - self.start_date).days
        if name == "group":
            return self.groups
        return {"job_role": self.job_role, "region": self.region, "locale": self.locale}[name]
