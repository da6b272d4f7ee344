"""One suggestion: what it changes, what would come of merging it, what was said about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from assets.content import (
    ChangeClass,
    Conflict,
    Diff,
    DiffRow,
    Document,
    MergeResult,
    SourceRow,
    classify,
    diff,
    match_newlines,
    redact,
    render_fragment,
    rendered_diff,
    resolve,
    source_diff,
)
from assets.content.diff_html import mark_changes
from assets.content.page_html import Resolve
from assets.gates import Candidate, Finding, all_gates, candidate_of_draft, parsed, run_gates
from assets.gates.links import fragment_of, media_name
from assets.gates.names import Names
from assets.models import Draft, ReviewFlag, Suggestion, SuggestionComment, Version

AROUND = 3  # unchanged source lines kept on both sides of a change


@dataclass(frozen=True, slots=True)
class Fold:
    """A run of unchanged blocks, folded away. `checks` of them are checks."""

    rows: tuple[DiffRow, ...]

    @property
    def checks(self) -> int:
        return sum(row.kind == "check" for row in self.rows)

    @property
    def blocks(self) -> int:
        return len(self.rows) - self.checks


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: HTML with what it changed marked; empty when it takes the place out."""

    name: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A place both sides changed. `text` is what a text of one's own starts from."""

    id: str
    where: str
    ours: Side
    theirs: Side
    both: bool
    text: str
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a suggestion changes against its base. `parts` are DiffRow and Fold, `source` SourceRow and None (a cut)."""

    diff: Diff
    parts: Sequence[DiffRow | Fold]
    source: Sequence[SourceRow | None]
    edits: int

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """What changed in the front matter: name, old and new value as words."""
        return [(change.field.replace("_", " "), _words(change.old), _words(change.new)) for change in self.diff.meta]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would come of merging it into the draft as it is now."""

    draft: Draft
    conflicts: Sequence[ShownConflict] = ()
    findings: Sequence[Finding] = ()
    passed: Sequence[str] = ()
    change: ChangeClass | None = None
    moved: bool = False  # the draft is not what the suggestion was made on

    @property
    def blocking(self) -> int:
        return sum(finding.blocks for finding in self.findings)

    @property
    def warning(self) -> int:
        return len(self.findings) - self.blocking


@dataclass(frozen=True, slots=True)
class AlsoOpen:
    """What else waits on the same asset."""

    suggestions: Sequence[Suggestion] = field(default_factory=list)
    flags: int = 0


def merge_suggestion(base: str, draft: str, suggested: str, choices: Mapping[str, str] | None = None) -> MergeResult:
    """The suggestion merged into the draft, three ways.

    Raises ContentError when the draft cannot be merged at all, ValueError for a choice about a conflict that is no
    more. No query.
    """
    if draft == base:
        return MergeResult(parsed(suggested), ())
    base, suggested = match_newlines(base, draft), match_newlines(suggested, draft)
    return resolve(parsed(base), parsed(draft), parsed(suggested), choices or {})


def changes_of(suggestion: Suggestion, *, answers: bool, names: Names | None = None) -> Changes:
    """The edits against the base, rendered and as source; right answers only with `answers`. No query."""
    old, new = parsed(suggestion.base.source), parsed(match_newlines(suggestion.source, suggestion.base.source))
    found = diff(old, new)
    link, image = _resolvers(suggestion, names or Names())
    rows = rendered_diff(found, link=link, image=image, reveal=answers)
    texts = (old.source, new.source) if answers else (redact(old), redact(new))
    edits = len(found.meta) + sum(change.state != "same" for change in found.blocks)
    return Changes(found, list(_folded(rows)), list(_cut(source_diff(*texts))), edits)


def outlook_of(suggestion: Suggestion, said: Mapping[str, str] | None = None) -> tuple[Outlook, Names]:
    """What merging would give now: conflicts, or the result's gates and change class. 3 queries.

    `said` is what the page sent: `conflict-<id>` and `own-<id>`, to be shown again.

    Also gives the names that the result refers to, so that its links and images can be shown.
    """
    draft = Draft.objects.select_related("updated_by").get(pk=suggestion.asset_id)
    base, theirs = suggestion.base.source, suggestion.source
    result = merge_suggestion(base, draft.source, theirs)
    document = result.document or parsed(theirs)
    candidate = candidate_of_draft(suggestion.asset, document.source, document)
    conflicts = [_shown(conflict, said or {}) for conflict in result.conflicts]
    if conflicts:
        return Outlook(draft, conflicts, moved=True), candidate.names
    findings = run_gates(candidate)
    return (
        Outlook(draft, (), findings, _passed(candidate, findings), _change(suggestion, document), draft.source != base),
        candidate.names,
    )


def comments_of(suggestion: Suggestion) -> list[SuggestionComment]:
    """The conversation, oldest first. 1 query."""
    return list(suggestion.comments.select_related("author"))


def also_open(suggestion: Suggestion) -> AlsoOpen:
    """What else waits on the asset. 2 queries."""
    others = Suggestion.objects.filter(asset=suggestion.asset_id, state__in=["open", "changes_asked"])
    shown = others.exclude(pk=suggestion.pk).select_related("author").defer("source")[:5]
    return AlsoOpen(list(shown), ReviewFlag.objects.filter(asset=suggestion.asset_id, closed_at=None).count())


def _change(suggestion: Suggestion, document: Document) -> ChangeClass:
    """Against the newest version: that is what the next one follows."""
    newest = Version.objects.filter(asset=suggestion.asset_id).order_by("-number").values_list("source", flat=True)
    return classify(diff(parsed(newest[0]), document))


def _passed(candidate: Candidate, findings: Iterable[Finding]) -> list[str]:
    spoke = {finding.code for finding in findings}
    off = {code for code, setting in candidate.gate_settings.items() if setting == "off"}
    return [str(gate.title) for gate in all_gates() if gate.code not in spoke | off]


def _folded(rows: Sequence[DiffRow]) -> Iterable[DiffRow | Fold]:
    """Changed rows, each under the heading it stands below; the rest folded away."""
    quiet: list[DiffRow] = []
    for row in rows:
        if row.state == "same":
            quiet.append(row)
            continue
        heading = quiet.pop() if quiet and quiet[-1].kind == "heading" else None
        if quiet:
            yield Fold(tuple(quiet))
        if heading:
            yield heading
        yield row
        quiet = []
    if quiet:
        yield Fold(tuple(quiet))


def _cut(rows: Sequence[SourceRow]) -> Iterable[SourceRow | None]:
    """The changed lines with a few around them; None where lines were left out."""
    changed = [index for index, row in enumerate(rows) if row.kind != "same"]
    near = {i for index in changed for i in range(index - AROUND, index + AROUND + 1)}
    gap = False
    for index, row in enumerate(rows):
        if index in near:
            yield row
            gap = False
        elif not gap:
            yield None
            gap = True


def _shown(conflict: Conflict, said: Mapping[str, str]) -> ShownConflict:
    text = conflict.theirs if not conflict.ours else f"{conflict.ours.rstrip()}\n\n{conflict.theirs}"
    return ShownConflict(
        conflict.id,
        conflict.where,
        Side("ours", _marked(conflict, conflict.ours)),
        Side("theirs", _marked(conflict, conflict.theirs)),
        "both" in conflict.options,
        said.get(f"own-{conflict.id}", text),
        said.get(f"conflict-{conflict.id}", ""),
    )


def _marked(conflict: Conflict, text: str) -> SafeString:
    """A side with what it changed marked: as it reads for text, as it is written for checks and the front matter."""
    if not text.strip():
        return SafeString("")
    written = conflict.where.startswith(("front", "check")) or ":::" in conflict.base + text
    if written:
        marked = mark_changes(escape(conflict.base, quote=False), escape(text, quote=False))
        return mark_safe(f'<span class="written">{marked}</span>')  # noqa: S308 escaped above
    old, new = (render_fragment(one, link=_none, image=_none) for one in (conflict.base, text))
    return mark_safe(mark_changes(old, new))  # noqa: S308 cleaned by assets.content


def _words(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(str(getattr(one, "key", one)) for one in value)
    return "" if value is None else str(value)


def _none(_address: str) -> str | None:
    return None


class _Resolver:
    """Where links and images of a text lead: to assets of the library and files of the asset."""

    def __init__(self, suggestion: Suggestion, names: Names) -> None:
        self.asset_id, self.key, self.names = suggestion.asset_id, suggestion.asset.key, names

    def image(self, src: str) -> str | None:
        sha = self.names.file(self.asset_id, src)
        return f"/media/{sha}/{media_name(src)}" if sha else None

    def link(self, href: str) -> str | None:
        target = self.names.linked(self.key, href)
        if target is None:
            return self.image(href)
        fragment = fragment_of(href)
        return f"{target.path}#{fragment}" if fragment else target.path


def _resolvers(suggestion: Suggestion, names: Names) -> tuple[Resolve, Resolve]:
    resolver = _Resolver(suggestion, names)
    return resolver.link, resolver.image
