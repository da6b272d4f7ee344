"""One check of one version with its right answers: for grading, never for sending out."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _

from assets.content import Check as CheckContent
from assets.models import VersionCheck, VersionCheckOutcome


@dataclass(frozen=True, slots=True)
class GradableCheck:
    """`check_id` is the identity (assets.Check) that evidence attaches to; `content` can grade an answer."""

    check_id: int
    version_check_id: int
    asset_id: int
    asset_key: str
    version_id: int
    version: int
    key: str
    content_hash: str
    outcome_ids: tuple[int, ...]
    content: CheckContent


def check_in_version(version_id: int, check_key: str) -> GradableCheck:
    """The check with that key in that version. Raises Http404 when there is none. 2 queries."""
    found = (
        VersionCheck.objects.select_related("check_identity", "version__asset")
        .only("data", "content_hash", "check_identity__key", "version__number", "version__asset__key")
        .prefetch_related(Prefetch("outcome_links", VersionCheckOutcome.objects.only("outcome_id", "version_check_id")))
        .filter(version=version_id, check_identity__key=check_key)
        .first()
    )
    if found is None:
        raise Http404(_("There is no such check in this version."))
    return GradableCheck(
        check_id=found.check_identity_id,
        version_check_id=found.pk,
        asset_id=found.version.asset_id,
        asset_key=found.version.asset.key,
        version_id=version_id,
        version=found.version.number,
        key=check_key,
        content_hash=bytes(found.content_hash).hex(),
        outcome_ids=tuple(link.outcome_id for link in found.outcome_links.all()),
        content=CheckContent.from_dict(found.data),
    )
