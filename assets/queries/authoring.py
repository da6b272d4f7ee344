"""Everything the authoring screen shows of an asset and its draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from assets.content import CheckSlot, Document, Rendering
from assets.gates import Finding, all_gates, candidate_of_draft, parsed, run_gates
from assets.models import Asset, Draft, Version
from assets.queries.derived import Change, Previous, change_between, rendered
from assets.queries.library import Use, VersionRow, outcome_choices, version_rows, where_used


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its line in the editor, which shows the body alone; None for one in the front matter."""

    code: str
    severity: str
    message: str
    fix: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the preview: markup that passed the allow-list, or a check without its answers."""

    html: SafeString | None = None
    check: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text looks like and what is wrong with it: everything that changes while somebody types."""

    document: Document
    findings: Sequence[ShownFinding]
    change: Change
    segments: Sequence[Segment]
    gates: int

    @property
    def blocks(self) -> int:
        return sum(finding.severity == "blocks" for finding in self.findings)

    @property
    def warns(self) -> int:
        return len(self.findings) - self.blocks

    @property
    def passes(self) -> int:
        return self.gates - len({finding.code for finding in self.findings})


@dataclass(frozen=True, slots=True)
class Authoring:
    """The screen of one asset."""

    asset: Asset
    draft: Draft
    reading: Reading
    versions: Sequence[VersionRow]
    uses: Sequence[Use]
    outcomes: Sequence[tuple[str, str]]  # key and words of those the text names; no words when there is no such outcome
    outcome_choices: Sequence[tuple[str, str]]

    @property
    def next_number(self) -> int:
        """The number the next version gets."""
        return self.versions[0].number + 1 if self.versions else 1

    @property
    def is_saved(self) -> bool:
        """Whether the draft says what the newest version says."""
        based_on = self.draft.based_on
        return bool(self.versions and based_on and based_on.source == self.draft.source)


def read_draft(asset: Asset, source: str) -> Reading:
    """Read a text as the draft of an asset. `asset.collection` must be loaded. 2 queries."""
    document = parsed(source)
    candidate = candidate_of_draft(asset, source, document)
    rendering = rendered(asset.pk, asset.key, document, candidate.names)
    return Reading(
        document,
        [shown(finding, document) for finding in run_gates(candidate)],
        change_between(newest_text(asset.pk), document, None, raised=False),
        segments(rendering),
        len(all_gates()),
    )


def newest_text(asset_id: int) -> Previous | None:
    """The newest version as what a draft is compared with. 1 query."""
    row = Version.objects.filter(asset=asset_id).order_by("-number").values_list("id", "number", "source").first()
    return Previous(*row, content_hash=b"", check_hashes={}) if row else None


def shown(finding: Finding, document: Document) -> ShownFinding:
    """A finding as the editor shows it: lines count from the first line of the body."""
    line = finding.line - document.body_line + 1 if finding.line else None
    return ShownFinding(
        finding.code, finding.severity, finding.message, finding.fix, line if line and line > 0 else None
    )


def segments(rendering: Rendering) -> list[Segment]:
    """The parts of a page, for a preview. Its markup passed the allow-list of `assets.content`."""
    return [
        Segment(check=_check(part)) if isinstance(part, CheckSlot) else Segment(mark_safe(part.html))  # noqa: S308
        for part in rendering.segments
    ]


def _check(slot: CheckSlot) -> dict[str, Any]:
    public = slot.check.public()
    labels = {key: mark_safe(html) for key, html in slot.labels.items()}  # noqa: S308
    return {
        "key": slot.check.key,
        "type": slot.check.type,
        "number": slot.number,
        "prompt": mark_safe(slot.prompt),  # noqa: S308
        "parts": [mark_safe(part) for part in slot.parts],  # noqa: S308
        "choices": [labels[choice["id"]] for choice in public.get("choices", ())],
        "lefts": [labels[side["id"]] for side in public.get("lefts", ())],
        "rights": [labels[side["id"]] for side in public.get("rights", ())],
        "unit": public.get("unit", ""),
    }


def authoring(asset: Asset) -> Authoring:
    """The whole screen. `asset.collection` must be loaded. 6 queries, whatever the size of the text or the library."""
    draft = Draft.objects.select_related("based_on", "updated_by").get(pk=asset.pk)
    reading = read_draft(asset, draft.source)
    choices = outcome_choices()
    words = dict(choices)
    return Authoring(
        asset=asset,
        draft=draft,
        reading=reading,
        versions=version_rows(asset.pk),
        uses=where_used(asset.pk),
        outcomes=[(key, words.get(key, "")) for key in reading.document.meta.outcomes],
        outcome_choices=choices,
    )
