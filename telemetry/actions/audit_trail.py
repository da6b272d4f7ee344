"""Turn the audit trail of the lower rooms into statements.

assets, flags and people cannot call telemetry; they write an audit entry with each change. Serial ids commit out of
order, so the trail is followed by (transaction id, id) and only below the oldest transaction that is still open:
nothing can be committed any more behind the mark.
"""

from collections.abc import Container
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection, transaction

from telemetry.actions.record import rows_of
from telemetry.actions.store import store
from telemetry.queries.facts import facts_of_versions
from telemetry.xapi.event import Event
from telemetry.xapi.vocabulary import dictionary_id

# delivery records these itself, with more than its audit entry says.
_RECORDED_ELSEWHERE: Final = ("release.",)
# What of an entry's data goes into a statement: a record that is never rewritten takes no free text and no people.
_FACTS: Final = (
    "asset",
    "version",
    "kind",
    "gate",
    "flag",
    "audience_id",
    "percentage_hundredths",
    "suggestion",
    "state",
)

# As `json`, which the driver decodes; Django keeps it from decoding `jsonb`.
_NEXT = """
SELECT e.id, e.at, e.actor_id, e.action, e.object_type, e.object_key, e.data::json,
    e.transaction_id::text::bigint, u.pseudonym
FROM people_auditentry e
LEFT JOIN people_user u ON e.object_type = 'person' AND u.id::text = e.object_key
WHERE (e.transaction_id, e.id) > (%s::text::xid8, %s) AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.transaction_id, e.id LIMIT %s
"""


class _Entry(NamedTuple):
    """One audit entry, and the pseudonym of the person it is about."""

    id: int
    at: datetime
    actor_id: int | None
    action: str
    object_type: str
    object_key: str
    data: dict[str, Any]
    transaction_id: int
    pseudonym: UUID | None


def follow_audit_trail(*, limit: int = 500) -> int:
    """Write statements for the next `limit` audit entries. Returns how many entries were passed; 0: nothing to do.

    Idempotent: a statement's id is derived from its entry, and mark and statements commit together. Locks the row of
    the mark; when another follower holds it, does nothing. At most 7 queries. A transaction that stays open for long,
    anywhere in the database server, holds the trail up until it ends.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT transaction_id, entry_id FROM telemetry_trailmark WHERE id = 1 FOR UPDATE SKIP LOCKED")
        mark = cursor.fetchone()
        if mark is None:
            return 0
        cursor.execute(_NEXT, [str(mark[0]), mark[1], limit])
        entries = [_Entry(*row) for row in cursor.fetchall()]
        if not entries:
            return 0
        told = [entry for entry in entries if not entry.action.startswith(_RECORDED_ELSEWHERE)]
        store(rows_of(_events(told)))
        cursor.execute(
            "UPDATE telemetry_trailmark SET transaction_id = %s, entry_id = %s WHERE id = 1",
            [entries[-1].transaction_id, entries[-1].id],
        )
    return len(entries)


def _events(entries: list[_Entry]) -> list[Event]:
    named = {_number(entry.data.get("version_id")) for entry in entries}
    known = facts_of_versions({version_id for version_id in named if version_id})
    return [_event(entry, known) for entry in entries]


def _event(entry: _Entry, known_versions: Container[int]) -> Event:
    version_id, asset_id = _number(entry.data.get("version_id")), _number(entry.data.get("asset_id"))
    about = ("asset", str(asset_id)) if asset_id else (entry.object_type, str(entry.pseudonym or entry.object_key))
    return Event(
        id=uuid5(dictionary_id(f"{settings.SITE_URN}:audit"), str(entry.id)),
        verb=entry.action,
        person_id=entry.actor_id,
        version_id=version_id if version_id is not None and version_id in known_versions else None,
        at=entry.at,
        channel="",
        about=about,
        data={name: entry.data[name] for name in _FACTS if isinstance(entry.data.get(name), str | int)},
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
