"""From what somebody typed to a whole file that may stand as a suggestion."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assets.content import Check, Document, match_newlines, parse, redact, restore
from assets.content.text import MAX_BYTES, unstorable
from assets.gates import parsed


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. `text` is a whole file, or the body alone; `redacted` says its answers were left out."""

    text: str
    body_only: bool = True
    redacted: bool = False


def shown_text(source: str, *, answers: bool, body_only: bool = True) -> str:
    """What a suggestion's editor holds: the file or its body, without right answers unless `answers`. No query."""
    document = parsed(source)
    text = source if answers else redact(document)
    return parse(text, strict=False).body if body_only else text


def proposed_source(base_source: str, proposal: Proposal, *, earlier: str = "") -> str:
    """The whole file that a proposal makes of its base, with line endings, front matter and answers of the base.

    `earlier` is the suggestion that is being changed: answers of checks that it brought itself come from there.

    Raises ValidationError when it cannot be kept. Whether it may stand as a suggestion is `check_proposed`'s to say.
    No query.
    """
    base = parsed(base_source)
    text = match_newlines(proposal.text, base_source)
    _refuse_unstorable(text)
    source = base.with_body(text).source if proposal.body_only else text
    return _with_answers(source, base, earlier) if proposal.redacted else source


def _with_answers(source: str, base: Document, earlier: str) -> str:
    if not earlier:
        return restore(source, base)
    own = parsed(earlier)
    restored = restore(source, own)
    taken_out = {check.key for check in base.checks} - {check.key for check in own.checks}
    return restore(restored, base) if taken_out else restored


def check_proposed(base_source: str, source: str, *, answers: bool, body_only: bool = False) -> None:
    """Whether `source` may be suggested on its base.

    Raises ValidationError when it says what the base says already, when it cannot be kept or read, or, unless the
    person sees `answers`, when it would change them. Messages count lines in the body with `body_only`. No query.
    """
    _refuse_unstorable(source)
    if source == base_source:
        raise ValidationError(_("The text is the same as before. Change what should read differently."), code="same")
    base, document = parsed(base_source), parsed(source)
    if not answers:
        _refuse_changed_answers(base, document)
    _refuse_unreadable(base, document, body_only=body_only)


def _refuse_unstorable(text: str) -> None:
    problem = unstorable(text)
    if problem:
        raise ValidationError(f"{problem.message} {problem.fix}")
    if len(text.encode()) > MAX_BYTES:
        raise ValidationError(_("The text is larger than 1 MB. Suggest a smaller piece of it."))


def _refuse_unreadable(base: Document, document: Document, *, body_only: bool) -> None:
    """New problems only: what was broken before is not this person's to mend."""
    known = {problem.code for problem in base.problems}
    first = document.body_line - 1 if body_only else 0  # lines as the person who typed it counts them
    fresh = [problem for problem in document.problems if problem.code not in known]
    if fresh:
        raise ValidationError(
            [
                _("Line %(line)d: %(said)s %(fix)s")
                % {"line": max(1, problem.line - first), "said": problem.message, "fix": problem.fix}
                for problem in fresh[:5]
            ],
            code="unreadable",
        )


def _refuse_changed_answers(base: Document, document: Document) -> None:
    """Who may not see answers cannot move them: an answer that slid into the question would show there."""
    before = {check.key: _answers(check) for check in base.checks}
    kept = {check.key: _answers(check) for check in document.checks if check.key in before}
    changed = sorted(key for key, answers in kept.items() if answers != before[key])
    if changed:
        raise ValidationError(
            _("The check “%(key)s” can be moved and its question reworded, but not its answers. Put its lines back.")
            % {"key": changed[0]},
            code="answers_locked",
        )


def _answers(check: Check) -> tuple[object, ...]:
    return check.type, check.choices, check.pairs, check.gaps, check.right, check.wrong
