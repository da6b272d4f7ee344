"""Checks with their answers, for showing what a person has earned. Kept in the process: versions never change."""

from collections.abc import Collection
from functools import lru_cache

from assets.content import Check
from assets.models import VersionCheck
from assets.queries.pages import VersionPage


@lru_cache(maxsize=512)
def _of_version(version_id: int, _content_hash: str) -> dict[int, Check]:
    rows = VersionCheck.objects.filter(version=version_id).values_list("check_identity_id", "data")
    return {check_id: Check.from_dict(data) for check_id, data in rows}


def contents_of(page: VersionPage, answered: Collection[int]) -> dict[int, Check]:
    """Check id → content with its answers, for the checks of a version that were answered at least once.

    1 query for the first answered page of a version in a process, else none. What of it is shown is decided by
    delivery.portal.shown, check by check.
    """
    if not answered:
        return {}
    return {
        check_id: check
        for check_id, check in _of_version(page.version_id, page.content_hash).items()
        if check_id in answered
    }
