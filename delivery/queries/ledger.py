"""The ledger, read: what became of the deliveries of a release."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from delivery.models import Delivery, FanOut


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """Deliveries of one release through one kind of channel, by state; `first` and `last` accepted."""

    kind: str
    total: int
    pending: int
    sending: int
    accepted: int
    unknown: int
    failed: int
    superseded: int
    first: datetime | None
    last: datetime | None

    @property
    def open(self) -> int:
        """Deliveries that are still under way."""
        return self.pending + self.sending


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One delivery, for a table."""

    id: int
    kind: str
    channel: str
    address: str
    person_id: int | None
    asset_key: str
    epoch: int
    version: int | None
    state: str
    attempts: int
    problem: str
    next_attempt_at: datetime | None
    settled_at: datetime | None


def counts_by_channel(release_id: int) -> list[ChannelCounts]:
    """What became of one release's deliveries, by kind of channel. 1 query."""
    states = {state: Count("id", filter=Q(state=state)) for state in Delivery.State.values}
    rows = (
        Delivery.objects.filter(release_id=release_id)
        .values(kind=F("lane__target__channel__kind"))
        .annotate(
            total=Count("id"),
            first=Min("settled_at", filter=Q(state="accepted")),
            last=Max("settled_at", filter=Q(state="accepted")),
            **states,
        )
        .order_by("kind")
    )
    counts: Iterable[Mapping[str, Any]] = rows
    return [ChannelCounts(**row) for row in counts]


def is_expanding(release_id: int) -> bool:
    """Whether the targets of a release are still being worked out. 1 query."""
    return FanOut.objects.filter(release_id=release_id, done_at=None).exists()


def deliveries_of(release_id: int, *, states: Sequence[str] = (), limit: int = 200) -> list[LedgerRow]:
    """The newest deliveries of one release, those in trouble first if `states` asks for them. 1 query."""
    rows = Delivery.objects.filter(release_id=release_id)
    if states:
        rows = rows.filter(state__in=states)
    return [ledger_row(row) for row in with_places(rows).order_by("-id")[:limit]]


def with_places(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries together with what `ledger_row` needs: no further query for a row."""
    return rows.select_related("lane__target__channel", "lane__asset", "version")


def ledger_row(row: Delivery) -> LedgerRow:
    """One delivery as a row. No query when it comes from `with_places`."""
    target = row.lane.target
    return LedgerRow(
        id=row.pk,
        kind=target.channel.kind,
        channel=target.channel.name,
        address=target.address,
        person_id=target.person_id,
        asset_key=row.lane.asset.key,
        epoch=row.epoch,
        version=row.version.number if row.version else None,
        state=row.state,
        attempts=row.attempts_made,
        problem=row.problem,
        next_attempt_at=row.next_attempt_at,
        settled_at=row.settled_at,
    )
