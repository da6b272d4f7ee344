"""The resolver: which version a person gets of each asset, and why. Computed, never stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from delivery.queries.snapshot import OpenRelease, snapshot
from flags.engine import Context, Decision, decide, matches
from flags.queries import context_for
from people.models import User


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one person gets of one asset.

    Args:
        release: the first open release of the stack that admits the person.
        decision: why it does.
        passed: the newer releases that did not, with their reasons, newest first.
    """

    release: OpenRelease
    decision: Decision
    passed: tuple[tuple[OpenRelease, Decision], ...] = ()

    @property
    def version_id(self) -> int:
        return self.release.version_id

    @property
    def number(self) -> int:
        return self.release.number


class Decisions(Mapping[int, Resolved]):
    """Asset id → what the person gets. Assets that are closed to them are not in it."""

    def __init__(self, context: Context, resolved: dict[int, Resolved]) -> None:
        self.context = context
        self._resolved = resolved

    def __getitem__(self, asset_id: int) -> Resolved:
        return self._resolved[asset_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._resolved)

    def __len__(self) -> int:
        return len(self._resolved)

    def version_ids(self) -> list[int]:
        """The versions the person gets: what search, lists and counts are limited to, inside their queries."""
        return [one.release.version_id for one in self._resolved.values()]


def decide_all(person: User) -> Decisions:
    """Decide every asset for one person.

    At most 3 queries whatever the number of assets: the epoch, the person's context, and the open releases
    when they changed since this process last looked.
    """
    stacks = snapshot().stacks
    context = context_for(person)
    audiences: dict[str, bool] = {}
    resolved = {}
    for asset_id, stack in stacks.items():
        one = _resolve(stack, context, audiences)
        if one is not None:
            resolved[asset_id] = one
    return Decisions(context, resolved)


def decide_one(person: User, asset_id: int) -> Resolved | None:
    """Decide one asset for one person; None when it is closed to them. At most 3 queries."""
    stack = snapshot().stacks.get(asset_id, ())
    return _resolve(stack, context_for(person), {}) if stack else None


def _resolve(stack: tuple[OpenRelease, ...], context: Context, audiences: dict[str, bool]) -> Resolved | None:
    """Walk the stack from the newest. `audiences` remembers each audience, which many releases share."""
    passed: list[tuple[OpenRelease, Decision]] = []
    for release in stack:
        rule, audience = release.flag.rule, release.audience
        if audience not in audiences:
            audiences[audience] = rule is not None and matches(rule, context)
        decision = decide(release.flag, context, in_audience=audiences[audience])
        if decision.on:
            return Resolved(release, decision, tuple(passed))
        passed.append((release, decision))
    return None
