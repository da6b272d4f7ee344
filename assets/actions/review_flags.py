"""Review flags: a learner's one tap that something is outdated, wrong, unclear or broken."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import ReviewFlag, Version
from people.models import AuditEntry, User

TEXT_LENGTH: Final = 2_000


def raise_review_flag(*, actor: User, asset_id: int, version_id: int, kind: str, text: str = "") -> ReviewFlag:
    """Say that something is the matter with a version. Whether the actor may see it is decided before, by delivery.

    A second flag of one kind by one person on one version changes the text of the first.

    Args:
        kind: outdated, wrong, unclear or broken.
        text: where and what, optional, at most 2,000 characters.

    Raises ValidationError for an unknown kind, a long text, or a version of another asset.
    Locks the flag when it is there. 3 queries; 4 when it is there already.
    """
    text = text.strip()
    if kind not in ReviewFlag.Kind:
        raise ValidationError(_("Say what is the matter: outdated, wrong, unclear or broken."), code="kind")
    if len(text) > TEXT_LENGTH:
        raise ValidationError(_("That is too long. Keep it to 2,000 characters."))
    with transaction.atomic():
        version = Version.objects.select_related("asset").filter(pk=version_id, asset=asset_id)
        on = version.only("number", "asset__key").first()
        if on is None:
            raise ValidationError(_("That version belongs to another asset."))
        try:
            with transaction.atomic():
                flag = ReviewFlag.objects.create(asset_id=asset_id, version=on, raised_by=actor, kind=kind, text=text)
                AuditEntry.objects.create(actor=actor, action="review_flag.raised", **_entry(flag, on))
        except IntegrityError:  # the constraint review_flag_once: it is there already, also when two taps race
            same = ReviewFlag.objects.select_for_update().filter(version=on, raised_by=actor, kind=kind)
            flag = same.get(closed_at=None)
            if text and text != flag.text:
                flag.text = text
                flag.save(update_fields=["text"])
    return flag


def close_review_flags(*, actor: User, flag_ids: Sequence[int], answer: str) -> list[ReviewFlag]:
    """Close review flags with one answer, which the people who raised them read. Closed ones stay as they are.

    Raises ValidationError without an answer. Locks the flags in the order of their ids. 3 queries, whatever their
    number. Returns those that were closed now.
    """
    answer = answer.strip()
    if not answer:
        raise ValidationError(_("Say what you did: the people who flagged it read this."), code="required")
    if len(answer) > TEXT_LENGTH:
        raise ValidationError(_("That is too long. Keep it to 2,000 characters."))
    with transaction.atomic():
        found = ReviewFlag.objects.select_for_update(of=("self",)).select_related("version__asset")
        found = found.defer("version__source", "version__text")
        flags = list(found.filter(pk__in=flag_ids, closed_at=None).order_by("pk"))
        now = timezone.now()
        ids = [flag.pk for flag in flags]
        ReviewFlag.objects.filter(pk__in=ids).update(closed_at=now, closed_by=actor, answer=answer)
        for flag in flags:
            flag.closed_at, flag.closed_by, flag.answer = now, actor, answer
        AuditEntry.objects.bulk_create(
            [AuditEntry(actor=actor, action="review_flag.closed", **_entry(flag, flag.version)) for flag in flags]
        )
    return flags


def close_review_flag(*, actor: User, flag_id: int, answer: str) -> ReviewFlag:
    """Close one review flag with an answer. Raises ValidationError when it was closed before. 3 queries."""
    closed = close_review_flags(actor=actor, flag_ids=[flag_id], answer=answer)
    if not closed:
        raise ValidationError(_("This review flag was closed already."), code="closed")
    return closed[0]


def _entry(flag: ReviewFlag, on: Version) -> dict[str, Any]:
    data = {
        "asset": on.asset.key, "asset_id": flag.asset_id, "version": on.number, "version_id": flag.version_id,
        "kind": str(flag.kind), "review_flag": flag.pk,
    }  # fmt: skip
    return {"object_type": "review_flag", "object_key": str(flag.pk), "data": data}
