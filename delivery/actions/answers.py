"""Answer a check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assets.content import Grade, ResponseError, grade
from assets.queries.checks import check_in_version
from delivery.queries.opened import Opened
from people.models import User
from telemetry.actions.record import Event, record
from telemetry.queries.evidence import answers_in

TRIES_BEFORE_SHOW = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """The grade of an answer, and the statement that records it."""

    grade: Grade
    statement_id: UUID

    @property
    def right(self) -> bool:
        return self.grade.right


def answer_check(
    *,
    person: User,
    opened: Opened,
    check_key: str,
    response: Mapping[str, Any],
    channel: str = "portal",
    duration_s: float | None = None,
    statement_id: UUID | None = None,
) -> Answered:
    """Grade one answer and record it as evidence, in one transaction of at most 6 queries.

    Args:
        person: who answers.
        opened: the asset and the version decided for them; the answer counts for that version.
        check_key: of a check in that version.
        response: as `assets.content.grade` takes it.
        channel: where it was answered.
        duration_s: seconds it took, if known.
        statement_id: given again with the same answer, nothing is recorded twice.

    Raises:
        ResponseError: the response is not one for this check, in a sentence for the person; nothing is recorded.
        Http404: the version has no such check.
    """
    check = check_in_version(opened.resolved.version_id, check_key)
    result = grade(check.content, response)
    with transaction.atomic():
        (statement,) = record(
            [
                Event(
                    verb="answered",
                    person_id=person.pk,
                    version_id=check.version_id,
                    check_id=check.check_id,
                    check_key=check.key,
                    response=dict(response),
                    right=result.right,
                    score=result.score,
                    duration_s=duration_s,
                    channel=channel,
                    decision=str(opened.resolved.decision.reason),
                    release_id=opened.resolved.release.id,
                    id=statement_id,
                )
            ]
        )
    return Answered(result, statement)


def show_answer(*, person: User, opened: Opened, check_key: str) -> None:
    """Let a person see the right answer, after two tries. Recorded as a click; no evidence.

    Raises ResponseError when they have tried less than twice.
    """
    check = check_in_version(opened.resolved.version_id, check_key)
    evidence = answers_in(person.pk, check.version_id).get(check.check_id)
    if evidence is None or evidence.tries < TRIES_BEFORE_SHOW:
        raise ResponseError(_("Try twice first. The answer can be shown after that."))
    record(
        [
            Event(
                verb="interacted",
                person_id=person.pk,
                version_id=check.version_id,
                check_id=check.check_id,
                check_key=check.key,
                release_id=opened.resolved.release.id,
                data={"what": "answer shown"},
            )
        ]
    )
