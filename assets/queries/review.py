"""The review queue: suggestions and review flags, by when an answer is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import ReviewFlag, Suggestion, Version
from assets.policies import review_flags_for_review, suggestions_for_review
from assets.queries.routing import due_after
from people.capabilities import Capability
from people.models import User

PENDING: Final = ("open", "changes_asked")
MOST: Final = 200  # rows of each kind on the page; the counts are of all
ANSWERED_DAYS: Final = 90
KINDS: Final = dict(ReviewFlag.Kind.choices)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One line of the queue: a suggestion, or all open review flags of one asset.

    `flags` is 0 for a suggestion. `keeper` is who it waits for; `mine` when that is the reader.
    """

    id: int  # of the suggestion, or of the asset
    title: str
    since: datetime
    due: date
    keeper: str
    mine: bool
    author: str = ""
    what: str = ""
    state: str = ""
    behind: int | None = None  # the version that came out since, when one did
    flags: int = 0
    kind: str = ""
    only_kind: bool = True

    @property
    def of(self) -> str:
        """What the line is about: "flags" or "suggestion"."""
        return "flags" if self.flags else "suggestion"

    @property
    def days_left(self) -> int:
        """Days until it is due; negative when that has passed."""
        return (self.due - timezone.localdate()).days


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the queue under one heading."""

    name: Any
    items: Sequence[QueueItem]


@dataclass(frozen=True, slots=True)
class Answered:
    """One thing that was answered. `suggestion_id` is None for a review flag."""

    suggestion_id: int | None
    asset_id: int
    title: str
    what: str
    author: str
    state: str
    by: str
    at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What `review_queue` found. `answer_days` is the median of the last 90 days; None when nothing was answered."""

    bands: Sequence[Band]
    open: int
    mine: int
    answer_days: float | None = None
    answered: Sequence[Answered] = field(default_factory=list)

    @property
    def days(self) -> int:
        """`answer_days` in whole days."""
        return round(self.answer_days or 0)


def review_queue(user: User, *, only_mine: bool = False) -> Queue:
    """What waits for an answer that `user` may give, the soonest due first.

    5 queries at most, whatever the length: the right to see it, suggestions, review flags, how long answers took.
    """
    items = [*_suggestions(user), *_flags(user)]
    shown = [item for item in items if item.mine] if only_mine else items
    shown.sort(key=lambda item: (item.due, item.since))
    return Queue(_bands(shown), len(items), sum(item.mine for item in items), _answer_days(user))


def answered_queue(user: User) -> Queue:
    """What was answered in the last 90 days, the latest first; the newest 50 of each kind. 7 queries at most."""
    counts = review_queue(user)
    found = sorted([*_answered_suggestions(user), *_answered_flags(user)], key=lambda one: one.at, reverse=True)
    return Queue((), counts.open, counts.mine, counts.answer_days, found)


def open_count(user: User) -> int:
    """How many lines the queue of `user` has. 1 query over the indexes of what is open; none without the right."""
    if not user.can(Capability.REVIEW):
        return 0
    flagged = review_flags_for_review(user).filter(closed_at=None).annotate(of=Value("flags"))
    waiting = suggestions_for_review(user).filter(state__in=PENDING).annotate(of=Value("suggestion"))
    lines = waiting.order_by().values_list("of", "pk").union(flagged.order_by().values_list("of", "asset"))
    return lines.count()


def flags_of(user: User, asset_id: int) -> list[ReviewFlag]:
    """The open review flags of an asset that `user` may answer, oldest first. 1 query."""
    found = review_flags_for_review(user).filter(asset=asset_id, closed_at=None)
    return list(found.select_related("raised_by", "version").defer("version__source").order_by("created_at"))


def suggestions_by(user: User) -> QuerySet[Suggestion]:
    """The person's own suggestions, the latest first. Lazy, 1 query."""
    own = Suggestion.objects.filter(author=user).select_related("asset", "base", "merged_in", "decided_by")
    return own.defer("source", "base__source", "merged_in__source").order_by("-created_at")


def answered_for(user: User, *, since: datetime) -> list[Suggestion]:
    """What became of the person's suggestions since then: answered or sent back, the latest first. 1 query."""
    answered = suggestions_by(user).filter(decided_at__gte=since).exclude(state=Suggestion.State.WITHDRAWN)
    return list(answered.order_by("-decided_at"))


def flags_answered_for(user: User, *, since: datetime) -> list[ReviewFlag]:
    """The person's review flags that were closed since then, the latest first. 1 query."""
    closed = ReviewFlag.objects.filter(raised_by=user, closed_at__gte=since)
    return list(closed.select_related("asset", "closed_by").order_by("-closed_at"))


def _suggestions(user: User) -> Iterable[QueueItem]:
    newest = Version.objects.filter(asset=OuterRef("asset")).values("asset").annotate(n=Max("number")).values("n")
    rows = (
        suggestions_for_review(user)
        .filter(state__in=PENDING)
        .select_related("asset", "author", "reviewer")
        .defer("source", "reason")
        .annotate(newest=Subquery(newest), base_number=F("base__number"))
        .order_by("due", "created_at")[:MOST]
    )
    for row in rows:
        yield QueueItem(
            id=row.pk,
            title=row.asset.title,
            since=row.created_at,
            due=row.due or due_after(timezone.localdate(row.created_at)),
            keeper=str(row.reviewer) if row.reviewer else "",
            mine=row.reviewer_id == user.pk,
            author=str(row.author),
            what=row.title,
            state=row.state,
            behind=row.newest if row.newest and row.newest > row.base_number else None,
        )


def _flags(user: User) -> Iterable[QueueItem]:
    """One item for each asset; its kind is the one most people chose."""
    columns = (
        "asset", "asset__title", "asset__owner", "asset__owner__first_name", "asset__owner__last_name",
        "asset__owner__username", "kind",
    )  # fmt: skip
    rows = review_flags_for_review(user).filter(closed_at=None).order_by().values_list(*columns)
    by_asset: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows.annotate(n=Count("pk"), first=Min("created_at")):
        by_asset.setdefault(row[0], []).append(row)
    items = [_flag_item(user, rows) for rows in by_asset.values()]
    return sorted(items, key=lambda item: item.since)[:MOST]


def _flag_item(user: User, rows: list[tuple[Any, ...]]) -> QueueItem:
    asset, title, owner, first, last, username, *_rest = rows[0]
    most = max(rows, key=lambda row: row[-2])
    since = min(row[-1] for row in rows)
    return QueueItem(
        id=asset,
        title=title,
        since=since,
        due=due_after(timezone.localdate(since)),
        keeper=f"{first or ''} {last or ''}".strip() or username or "",
        mine=owner == user.pk,
        flags=sum(row[-2] for row in rows),
        kind=str(KINDS[most[6]]).lower(),
        only_kind=len(rows) == 1,
    )


def _bands(items: Sequence[QueueItem]) -> list[Band]:
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    named = (
        (_("Overdue"), [item for item in items if item.due < today]),
        (_("Due this week"), [item for item in items if today <= item.due <= sunday]),
        (_("Later"), [item for item in items if item.due > max(today, sunday)]),
    )
    return [Band(name, found) for name, found in named if found]


def _recent(user: User) -> QuerySet[Suggestion]:
    since = timezone.now() - timedelta(days=ANSWERED_DAYS)
    return suggestions_for_review(user).filter(decided_at__gte=since, state__in=["accepted", "declined"])


def _answer_days(user: User) -> float | None:
    """Half of the suggestions were answered in this many days. 1 query over at most 1,000 of them."""
    times = _recent(user).order_by("-decided_at").values_list("created_at", "decided_at")[:1000]
    spans = [(decided - made).total_seconds() / 86_400 for made, decided in times if decided]
    return median(spans) if spans else None


def _answered_suggestions(user: User) -> Iterable[Answered]:
    rows = _recent(user).select_related("asset", "author", "decided_by").defer("source")
    for row in rows.annotate(version=F("merged_in__number")).order_by("-decided_at")[:50]:
        if row.decided_at:
            yield Answered(
                row.pk, row.asset_id, row.asset.title, row.title, str(row.author), row.state,
                str(row.decided_by or ""), row.decided_at, row.version,
            )  # fmt: skip


def _answered_flags(user: User) -> Iterable[Answered]:
    since = timezone.now() - timedelta(days=ANSWERED_DAYS)
    closed = review_flags_for_review(user).filter(closed_at__gte=since)
    for row in closed.select_related("asset", "raised_by", "closed_by").order_by("-closed_at")[:50]:
        if row.closed_at:
            yield Answered(
                None, row.asset_id, row.asset.title, str(KINDS[row.kind]), str(row.raised_by), "closed",
                str(row.closed_by or ""), row.closed_at,
            )  # fmt: skip
