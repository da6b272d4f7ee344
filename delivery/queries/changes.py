"""What changed from one version to another, for learners: wording of the body, never an answer."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from assets.content import diff, parse, rendered_diff
from assets.models import Version


@dataclass(frozen=True, slots=True)
class Changes:
    """Two versions of one asset side by side in one text."""

    before: int
    after: int
    material: bool
    reasons: tuple[str, ...]
    message: str
    rows: tuple[tuple[str, SafeString], ...]  # (state, html) of each block outside the checks

    @property
    def first(self) -> SafeString:
        """The first block that changed; empty when only checks did."""
        return next((html for state, html in self.rows if state != "same"), SafeString(""))


def what_changed(version_id: int, number: int) -> Changes | None:
    """A version against the one before it; None for a first version. 2 queries the first time in a process."""
    return _against_previous(version_id) if number > 1 else None


def changes_between(before_id: int | None, after_id: int) -> Changes | None:
    """Two versions of one asset; the one before when `before_id` is None. 2 queries the first time in a process."""
    return _against_previous(after_id) if before_id is None else _between(before_id, after_id)


@lru_cache(maxsize=512)
def _against_previous(version_id: int) -> Changes | None:
    asset_id, number = Version.objects.values_list("asset_id", "number").get(pk=version_id)
    before = (
        Version.objects.filter(asset=asset_id, number__lt=number)
        .order_by("-number")
        .values_list("pk", flat=True)
        .first()
    )
    return None if before is None else _between(before, version_id)


@lru_cache(maxsize=512)
def _between(before_id: int, after_id: int) -> Changes:
    versions = Version.objects.only("number", "source", "change_class", "change_reasons", "message").in_bulk(
        [before_id, after_id]
    )
    before, after = versions[before_id], versions[after_id]
    compared = diff(parse(before.source, strict=False), parse(after.source, strict=False))
    rows = tuple((row.state, _safe(row.html)) for row in rendered_diff(compared) if row.kind != "check")
    return Changes(
        before.number,
        after.number,
        after.change_class == Version.ChangeClass.MATERIAL,
        tuple(after.change_reasons),
        after.message,
        rows,
    )


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  sanitised by the content core
