"""What authors read: where an asset is used, its versions, two of them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from assets.content import ChangeClass, Diff, DiffRow, SourceRow, classify, diff, rendered_diff, source_diff
from assets.gates.candidate import parsed
from assets.gates.names import load_names
from assets.models import Asset, Draft, Outcome, Version
from assets.queries.derived import resolvers

_USED = """
SELECT * FROM (
    SELECT DISTINCT ON (a.id, d.kind) a.id, a.key, v.title, a.kind AS asset_kind, d.kind, d.pinned, v.number
    FROM assets_dependency d
    JOIN assets_version v ON v.id = d.version_id
    JOIN assets_asset a ON a.id = v.asset_id
    WHERE d.target_id = %s AND a.retired_at IS NULL
      AND v.number = (SELECT max(n.number) FROM assets_version n WHERE n.asset_id = v.asset_id)
    ORDER BY a.id, d.kind, d.position
) used ORDER BY kind, title
"""


@dataclass(frozen=True, slots=True)
class Use:
    """An asset whose newest version uses another. `how` is item, link or snippet."""

    asset_id: int
    key: str
    title: str
    kind: str
    how: str
    pinned: int | None
    version: int


def where_used(asset_id: int) -> list[Use]:
    """The assets whose newest versions hold, link or include this one, retired ones left out. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [asset_id])
        return [Use(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A line of the list of versions. `author` is a name; of an imported revision, the one it came with."""

    id: int
    number: int
    title: str
    created_at: datetime
    author: str
    message: str
    change_class: str
    reasons: tuple[str, ...]


def version_rows(asset_id: int, *, most: int | None = None) -> list[VersionRow]:
    """The versions of an asset, newest first. 1 query."""
    columns = (
        "id", "number", "title", "created_at", "author__first_name", "author__last_name", "author__username",
        "author_name", "message", "change_class", "change_reasons",
    )  # fmt: skip
    rows = Version.objects.filter(asset=asset_id).order_by("-number").values_list(*columns)[:most]
    return [
        VersionRow(pk, number, title, at, _name(first, last, username, given), message, change, tuple(reasons))
        for pk, number, title, at, first, last, username, given, message, change, reasons in rows
    ]


def _name(first: str | None, last: str | None, username: str | None, given: str) -> str:
    return given or f"{first or ''} {last or ''}".strip() or username or ""


def library(queryset: QuerySet[Asset]) -> QuerySet[Asset]:
    """Assets with what the library's list shows: `newest` (a version's number), `saved_at`, `drafted` (has edits).

    Lazy; 1 query, with collection and owner.
    """
    versions = Version.objects.filter(asset=OuterRef("pk")).order_by("-number")
    return queryset.select_related("collection", "owner").annotate(
        newest=Subquery(versions.values("number")[:1]),
        saved_at=Subquery(versions.values("created_at")[:1]),
        drafted=Subquery(
            Draft.objects.filter(asset=OuterRef("pk"))
            .exclude(source=F("based_on__source"))
            .order_by()
            .values("edit")[:1]
        ),
    )


def outcome_choices() -> list[tuple[str, str]]:
    """Key and statement of every outcome that can be taught, for pickers. 1 query."""
    return list(Outcome.objects.filter(is_group=False).order_by("statement").values_list("key", "statement"))


def outcome_statements(keys: Sequence[str]) -> dict[str, str]:
    """The statements of the outcomes with these keys; unknown keys are left out. 1 query."""
    return dict(Outcome.objects.filter(key__in=keys).values_list("key", "statement"))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison. `number` is None for the draft."""

    number: int | None
    title: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of an asset side by side: by meaning (`diff`), as read (`rendered`) and as text (`source`)."""

    old: Side
    new: Side
    diff: Diff
    change: ChangeClass
    rendered: Sequence[DiffRow]
    source: Sequence[SourceRow | None]  # None where unchanged lines are left out

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """What changed in the front matter: name, old and new value as words."""
        return [(change.field.replace("_", " "), _words(change.old), _words(change.new)) for change in self.diff.meta]


def compare(asset: Asset, old: int, new: int | None) -> Comparison:
    """Compare version `old` with version `new`, by their numbers; `new` None is the draft. 3 queries.

    Right answers are shown: for people who may see drafts only. Raises Http404 when there is no such version.
    """
    return compare_sides(asset, side(asset.pk, old), side(asset.pk, new))


def comparison(asset: Asset, old: str, new: str) -> Comparison:
    """Compare what an address names: numbers of versions, or "draft". Raises Http404 for anything else."""
    if not old.isdecimal() or not (new == "draft" or new.isdecimal()):
        raise Http404(_("Choose two versions to compare."))
    return compare(asset, int(old), None if new == "draft" else int(new))


def side(asset_id: int, number: int | None) -> Side:
    """A version by number, or the draft, as one side of a comparison. Raises Http404. 1 query."""
    if number is None:
        draft = Draft.objects.filter(pk=asset_id).values_list("source", "updated_at").first()
        if draft is None:
            raise Http404(_("This asset has no draft."))
        return Side(None, parsed(draft[0]).meta.title, *draft)
    version = Version.objects.filter(asset=asset_id, number=number).values_list("title", "source", "created_at").first()
    if version is None:
        raise Http404(_("There is no version %(number)d of this asset.") % {"number": number})
    return Side(number, *version)


def compare_sides(asset: Asset, old: Side, new: Side) -> Comparison:
    """Compare two texts of an asset. 1 query."""
    before, after = parsed(old.source), parsed(new.source)
    found = diff(before, after)
    link, image = resolvers(asset.pk, asset.key, load_names((asset.pk, asset.key, d) for d in (before, after)))
    shown = rendered_diff(found, link=link, image=image, reveal=True)
    return Comparison(old, new, found, classify(found), shown, near_changes(source_diff(old.source, new.source)))


def near_changes(rows: Sequence[SourceRow], around: int = 3) -> list[SourceRow | None]:
    """The changed lines with a few around each; None stands for each run of lines that is left out."""
    changed = [n for n, row in enumerate(rows) if row.kind != "same"]
    kept = {n for at in changed for n in range(at - around, at + around + 1)}
    found: list[SourceRow | None] = []
    for n, row in enumerate(rows):
        if n in kept:
            found.append(row)
        elif not found or found[-1] is not None:
            found.append(None)
    return found


def _words(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value or "")
