"""What the page of one release shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from delivery.models import Channel, Release
from delivery.queries.stack import count_by_release
from flags.queries import audience_sentence
from people.models import AuditEntry


@dataclass(frozen=True, slots=True)
class StackRow:
    """One release of the stack: how many people get it now, and whether it is the one looked at."""

    release: Release
    people: int
    here: bool
    sentence: str

    @property
    def percent(self) -> str:
        """The share, as "12.5"."""
        return f"{self.release.flag.percentage_hundredths / 100:g}"


def stack_rows(release: Release) -> list[StackRow]:
    """The open stack of the release's asset, newest first, with who gets what. 4 queries at most."""
    counts = count_by_release(release.asset_id)
    rows = (
        Release.objects.filter(asset_id=release.asset_id, state=Release.State.OPEN)
        .select_related("version", "flag__audience")
        .order_by("-id")
    )
    return [
        StackRow(row, counts.get(row.pk, 0), row.pk == release.pk, audience_sentence(row.flag.audience)) for row in rows
    ]


def version_below(release: Release) -> int | None:
    """Number of the version that lay on top when this one came: what "v4 over v3" says. 1 query."""
    below = Release.objects.filter(asset_id=release.asset_id, pk__lt=release.pk).exclude(version_id=release.version_id)
    still_there = below.filter(Q(closed_at=None) | Q(closed_at__gt=release.released_at))
    return still_there.order_by("-id").values_list("version__number", flat=True).first()


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the timeline, in words."""

    at: datetime
    words: str


def timeline(release_id: int) -> list[Happened]:
    """What happened to the release, newest first. 1 query."""
    entries = AuditEntry.objects.filter(object_type="release", object_key=str(release_id)).select_related("actor")
    return [Happened(entry.at, _in_words(entry)) for entry in entries]


def _in_words(entry: AuditEntry) -> str:
    said = {
        "release.released": _("Released"),
        "release.widened": _("Share changed from %(from)s%% to %(to)s%%"),
        "release.killed": _("Switched off"),
        "release.revived": _("Switched on again"),
        "release.rolled_back": _("Rolled back"),
        "release.archived": _("Archived"),
    }.get(entry.action, entry.action)
    facts = {name: f"{entry.data.get(name, 0) / 100:g}" for name in ("from", "to")} if "from" in entry.data else {}
    words = said % facts if facts else said
    if entry.actor is not None:
        words = _("%(what)s by %(who)s") % {"what": words, "who": entry.actor}
    return f"{words}: {entry.data['reason']}" if entry.data.get("reason") else words


def channel_kinds() -> list[str]:
    """The kinds of channel that are set up and in use. 1 query."""
    return sorted(set(Channel.objects.filter(enabled=True).values_list("kind", flat=True)))
