"""Today: what is for one person, due for practice, changed since they last saw it, answered to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from assets.models import ReviewFlag, Suggestion
from delivery.queries.changes import Changes, changes_between
from delivery.queries.explain import because
from delivery.queries.opened import asset_path
from delivery.queries.pathway import Walk, walks
from delivery.queries.resolve import Decisions, decide_all
from people.models import User
from telemetry.queries.progress import Progress, assets_done
from telemetry.queries.seen import last_seen

DAILY_CAP = 5  # practice questions a day, over all channels
MOST_FOR_YOU = 8
MOST_CHANGED = 3
ANSWERED_WITHIN = timedelta(days=14)
# Days until a check answered right comes back, by how often it was right: a plain expanding schedule.
RETURNS_AFTER_DAYS = (3, 7, 16, 35, 90)


@dataclass(frozen=True, slots=True)
class Due:
    """A check that is due for practice."""

    asset_id: int
    asset_key: str
    asset_title: str
    version_id: int
    key: str
    last_right_at: datetime | None

    @property
    def path(self) -> str:
        """Where it is opened."""
        return asset_path(self.asset_key)


@dataclass(frozen=True, slots=True)
class ForYou:
    """An asset that is for the person and not done yet."""

    key: str
    title: str
    kind: str
    minutes: int
    because: str
    new: bool

    @property
    def path(self) -> str:
        """Where it is opened."""
        return asset_path(self.key)


@dataclass(frozen=True, slots=True)
class Changed:
    """An asset whose version differs from the one the person saw last."""

    key: str
    title: str
    changes: Changes
    since: datetime

    @property
    def path(self) -> str:
        """Where it is opened."""
        return asset_path(self.key)


@dataclass(frozen=True, slots=True)
class Today:
    """All of it."""

    due: Sequence[Due]
    practised: int
    for_you: Sequence[ForYou]
    more_for_you: int
    changed: Sequence[Changed]
    walk: Walk | None
    suggestions: Sequence[Suggestion]
    flags: Sequence[ReviewFlag]

    @property
    def left(self) -> int:
        """Practice questions left today, at most the cap."""
        return min(len(self.due), max(DAILY_CAP - self.practised, 0))


def today(person: User) -> Today:
    """13 queries at most, whatever is in the library, and 2 for each of at most 3 changes not met before."""
    decisions = decide_all(person)
    shown = _decided_assets(decisions)
    seen = last_seen(person.pk)
    progress = assets_done(person.pk, {one[0]: one[1] for one in shown if one[3] != "pathway"})
    for_you = [_for_you(one, decisions, progress, seen) for one in shown if _is_open_work(one, progress)]
    started = [walk for walk in walks(person, decisions) if walk.steps and walk.at]
    return Today(
        due=due_checks(person, decisions, most=DAILY_CAP + 20),
        practised=practised_today(person),
        for_you=for_you[:MOST_FOR_YOU],
        more_for_you=max(len(for_you) - MOST_FOR_YOU, 0),
        changed=_changed(shown, seen),
        walk=next((walk for walk in started if walk.started), started[0] if started else None),
        suggestions=_suggestions(person),
        flags=_flags(person),
    )


_DECIDED = """
SELECT a.id, v.id, a.key, a.kind, v.title, v.minutes, v.created_at
FROM assets_version v JOIN assets_asset a ON a.id = v.asset_id
WHERE v.id = ANY(%s) AND a.retired_at IS NULL AND a.kind <> 'snippet' ORDER BY v.created_at DESC, a.id
"""
_Row = tuple[int, int, str, str, str, int, datetime]


def _decided_assets(decisions: Decisions) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [decisions.version_ids()])
        return list(cursor.fetchall())


def _is_open_work(row: _Row, progress: dict[int, Progress]) -> bool:
    return row[0] in progress and not progress[row[0]].done


def _for_you(
    row: _Row, decisions: Decisions, progress: dict[int, Progress], seen: dict[int, tuple[int, datetime]]
) -> ForYou:
    asset_id, _version_id, key, kind, title, minutes, _created = row
    new = asset_id not in seen and not progress[asset_id].started
    return ForYou(key, title, kind, minutes, because(decisions[asset_id]), new)


def _changed(shown: Sequence[_Row], seen: dict[int, tuple[int, datetime]]) -> list[Changed]:
    """The newest few; a version older than the one seen (after a roll-back) is a change too."""
    found = []
    for asset_id, version_id, key, _kind, title, _minutes, created in shown:
        if asset_id in seen and seen[asset_id][0] != version_id:
            changes = changes_between(seen[asset_id][0], version_id)
            if changes is not None:
                found.append(Changed(key, title, changes, created))
        if len(found) == MOST_CHANGED:
            break
    return found


_DUE = """
SELECT v.asset_id, a.key, v.title, v.id, k.key, e.last_right_at
FROM telemetry_evidence e
JOIN assets_versioncheck c ON c.check_identity_id = e.check_identity_id AND c.content_hash = e.content_hash
JOIN assets_version v ON v.id = c.version_id
JOIN assets_asset a ON a.id = v.asset_id
JOIN assets_check k ON k.id = c.check_identity_id
WHERE e.person_id = %(person)s AND c.version_id = ANY(%(versions)s)
  AND CASE WHEN e.last_right THEN e.last_right_at <
        %(now)s - make_interval(days => (%(days)s::int[])[least(e.right_tries, %(most_days)s)])
      ELSE e.last_at < %(now)s - interval '1 day' END
ORDER BY e.last_right, e.last_at LIMIT %(most)s
"""


def due_checks(person: User, decisions: Decisions | None = None, *, most: int = DAILY_CAP) -> list[Due]:
    """Checks to practise: missed ones first (from the next day on), then those right the longest ago. 1 query."""
    decided = decide_all(person) if decisions is None else decisions
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "person": person.pk,
                "versions": decided.version_ids(),
                "now": timezone.now(),
                "days": list(RETURNS_AFTER_DAYS),
                "most_days": len(RETURNS_AFTER_DAYS),
                "most": most,
            },
        )
        return [Due(*row) for row in cursor.fetchall()]


def practised_today(person: User) -> int:
    """Checks the person came back to today, in their own day, over all channels. 1 query."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM telemetry_evidence WHERE person_id = %s AND last_at >= %s AND first_at < %s",
            [person.pk, midnight, midnight],
        )
        return int(cursor.fetchone()[0])


def _suggestions(person: User) -> Sequence[Suggestion]:
    """What became of the person's suggestions lately. 1 query."""
    since = timezone.now() - ANSWERED_WITHIN
    answered = Suggestion.objects.filter(author=person, decided_at__gte=since).exclude(state="withdrawn")
    return list(answered.select_related("asset", "merged_in", "decided_by").defer("source").order_by("-decided_at")[:3])


def _flags(person: User) -> Sequence[ReviewFlag]:
    """Review flags of the person that were answered lately. 1 query."""
    since = timezone.now() - ANSWERED_WITHIN
    closed = ReviewFlag.objects.filter(raised_by=person, closed_at__gte=since)
    return list(closed.select_related("asset", "closed_by").order_by("-closed_at")[:3])
