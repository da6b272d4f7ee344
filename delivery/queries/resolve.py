"""The resolver: which version a person gets of each asset, and why. Computed, never stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from delivery.queries.snapshot import OpenRelease, snapshot
from flags.engine import Context, Decision, decide, matches
from flags.queries import Epoch, context_for
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
    """Asset id → what the person gets. Assets that are closed to them are not in it.

    An asset is decided when it is asked for; going over all of them decides them all. No queries.
    """

    def __init__(self, context: Context, stacks: Mapping[int, tuple[OpenRelease, ...]]) -> None:
        self.context = context
        self._stacks = stacks
        self._audiences: dict[str, bool] = {}
        self._decided: dict[int, Resolved | None] = {}

    def __getitem__(self, asset_id: int) -> Resolved:
        if asset_id not in self._decided:
            self._decided[asset_id] = _resolve(self._stacks.get(asset_id, ()), self.context, self._audiences)
        resolved = self._decided[asset_id]
        if resolved is None:
            raise KeyError(asset_id)
        return resolved

    def __iter__(self) -> Iterator[int]:
        return (asset_id for asset_id in self._stacks if self.get(asset_id) is not None)

    def __len__(self) -> int:
        return sum(1 for _asset_id in self)

    def version_ids(self) -> list[int]:
        """The versions the person gets: what search, lists and counts are limited to, inside their queries."""
        return [self[asset_id].release.version_id for asset_id in self]


def decide_all(person: User, epoch: Epoch | None = None) -> Decisions:
    """Decide every asset for one person; `epoch` when it was read just now.

    At most 3 queries whatever the number of assets: the epoch, the person's context, and the open releases
    when they changed since this process last looked.
    """
    stacks = snapshot(epoch).stacks
    return Decisions(context_for(person), stacks)


def decide_one(person: User, asset_id: int) -> Resolved | None:
    """Decide one asset for one person; None when it is closed to them. At most 3 queries."""
    return decide_all(person).get(asset_id)


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
