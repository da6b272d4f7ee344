"""The one door for our own events."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from telemetry.actions.store import Row, store
from telemetry.queries.facts import PersonFacts, VersionFacts, facts_of_people, facts_of_versions
from telemetry.xapi.build import SYSTEM_ACCOUNT, build_statement, object_of
from telemetry.xapi.canonical import raw_and_hash
from telemetry.xapi.event import Event, Subject
from telemetry.xapi.vocabulary import activity_iri, dictionary_id, type_iri, verb_iri

__all__ = ["Event", "StatementConflict", "record", "rows_of"]


class StatementConflict(ValidationError):
    """An id was given again for something else."""


def record(events: Sequence[Event]) -> list[UUID]:
    """Write events as statements, and move what is counted, in the caller's transaction.

    An event with the `id` of one that is there already, and the same content, changes nothing. Counted as evidence:
    verb "answered", with person, version, check and `right`, not claimed.

    Returns the ids, in the order of `events`. Raises StatementConflict when an id is taken by other content, and
    ValidationError when a person or version does not exist or a number is out of range.

    Locks: see telemetry.actions.store. At most 3 queries per 1,000 events: people, versions not met before, store.
    """
    rows = rows_of(events)
    if not rows:
        return []
    result = store(rows)
    if result.conflicts:
        raise StatementConflict(
            _("Statement %(id)s is there already with other content. Give a new event a new id.")
            % {"id": result.conflicts[0]}
        )
    return [row.id for row in rows]


def rows_of(events: Sequence[Event]) -> list[Row]:
    """The rows of events, for `store`. At most 2 queries; raises ValidationError as `record` does."""
    people = facts_of_people({e.person_id for e in events if e.person_id is not None})
    versions = facts_of_versions({e.version_id for e in events if e.version_id is not None})
    now = timezone.now()
    return [_row(_rated(event), people, versions, now) for event in events]


def _rated(event: Event) -> Event:
    """A rating's yes or no is its score: `right` is for answers."""
    if event.verb != "rated" or event.right is None:
        return event
    return replace(event, right=None, score=float(event.right))


def _row(event: Event, people: Mapping[int, PersonFacts], versions: Mapping[int, VersionFacts], now: datetime) -> Row:
    person = None if event.person_id is None else people.get(event.person_id)
    version = None if event.version_id is None else versions.get(event.version_id)
    _refuse_impossible(event, person, version)
    account = str(person.pseudonym) if person else SYSTEM_ACCOUNT
    subject = Subject(
        account=account,
        asset_id=version.asset_id if version else None,
        version_number=version.number if version else None,
    )
    statement_id, at = event.id or uuid4(), event.at or now
    statement = build_statement(event, subject, site=settings.SITE_URN, statement_id=statement_id, at=at)
    raw, digest = raw_and_hash(statement, timestamp_set_by_server=event.at is None)
    kind, key = object_of(event, subject)
    content_hash, outcome_ids = (version.checks.get(event.check_id or 0) if version else None) or (None, ())
    return Row(
        id=statement_id,
        payload_hash=digest,
        at=at,
        actor_id=person.pseudonym if person else dictionary_id(f"{settings.SITE_URN}:{SYSTEM_ACCOUNT}"),
        account=account,
        person_id=event.person_id,
        verb_iri=verb_iri(event.verb),
        object_iri=activity_iri(settings.SITE_URN, kind, key),
        object_type=type_iri(kind),
        raw=raw,
        claimed=event.claimed,
        channel=event.channel[:20],
        asset_id=subject.asset_id,
        version_id=event.version_id,
        check_id=event.check_id,
        content_hash=content_hash,
        outcome_ids=outcome_ids,
        release_id=event.release_id,
        team_id=person.team_id if person else None,
        right=event.right,
        score=event.score,
        duration_s=event.duration_s,
    )


def _refuse_impossible(event: Event, person: PersonFacts | None, version: VersionFacts | None) -> None:
    if event.person_id is not None and person is None:
        raise ValidationError(_("There is no person %(id)s.") % {"id": event.person_id})
    if event.version_id is not None and version is None:
        raise ValidationError(_("There is no version %(id)s.") % {"id": event.version_id})
    if version and event.check_id is not None and event.check_id not in version.checks:
        raise ValidationError(
            _("Check %(check)s is not in version %(version)s.")
            % {"check": event.check_key or event.check_id, "version": event.version_id}
        )
    if event.score is not None and not 0 <= event.score <= 1:
        raise ValidationError(_("A score is between 0 and 1, not %(score)s.") % {"score": event.score})
    if event.duration_s is not None and not (math.isfinite(event.duration_s) and event.duration_s >= 0):
        raise ValidationError(_("A duration is a number of seconds, 0 or more."))
    if event.at is not None and timezone.is_naive(event.at):
        raise ValidationError(_("The time of an event needs a time zone."))
