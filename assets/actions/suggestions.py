"""Suggestions: an edit proposed on a base version, talked about, and merged three ways or declined."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.actions.drafts import locked_draft
from assets.actions.suggestion_text import check_proposed
from assets.content import Conflict, ContentError, serialise
from assets.models import Asset, Draft, Suggestion, SuggestionComment, Version
from assets.policies import may_see_answers, require_suggest
from assets.queries.routing import due_after, reviewer_for
from assets.queries.suggestion_page import merge_suggestion
from people.actions.audit import write_audit
from people.models import User

State = Suggestion.State
PENDING: Final = (State.OPEN, State.CHANGES_ASKED)
TITLE_LENGTH: Final = 200
TEXT_LENGTH: Final = 4_000


class MergeConflicts(ValidationError):
    """The draft and the suggestion changed the same place. Nothing was changed: the page shows both and asks.

    `conflicts` are those left without a choice. `draft_edit` is the draft's edit they were found on.
    """

    def __init__(self, conflicts: Sequence[Conflict], draft_edit: int) -> None:
        said = _("The draft changed the same place as the suggestion. Choose what stays.")
        super().__init__(said, code="merge_conflicts")
        self.conflicts = tuple(conflicts)
        self.draft_edit = draft_edit


def make_suggestion(*, actor: User, base: Version, title: str, source: str, reason: str = "") -> Suggestion:
    """Propose an edit on a version. Whether the actor may see that version is decided before, by delivery.

    `source` is the whole file as it should be; `suggestion_text.proposed_source` makes it from an edited body. Without
    the right to see answers the actor cannot change them. The same proposal sent twice is made once. It goes to the
    asset's owner, else a reviewer of the collection, else its lead, and is due after 5 working days.

    Raises PermissionDenied when the actor may not suggest, ValidationError for a text that says nothing new or cannot
    be read. Locks the asset's row, so that two clicks cannot both pass.
    9 queries when the owner can answer, and up to 3 more for each further candidate.
    """
    with transaction.atomic():
        found = Asset.objects.select_for_update(of=("self",)).select_related("collection__lead", "owner")
        asset = found.get(pk=base.asset_id)
        require_suggest(actor, asset)
        if asset.retired_at:
            raise ValidationError(_("This asset is retired. It takes no more suggestions."))
        check_proposed(base.source, source, answers=may_see_answers(actor, asset))
        again = Suggestion.objects.filter(base=base, author=actor, source=source, state__in=PENDING).first()
        if again:
            return again
        suggestion = Suggestion.objects.create(
            asset=asset,
            base=base,
            author=actor,
            title=_required(title, _("Say in a few words what changes."), TITLE_LENGTH),
            reason=_within(reason, TEXT_LENGTH),
            source=source,
            due=due_after(timezone.localdate()),
            reviewer=reviewer_for(asset, actor),
        )
        _audit(actor, "suggestion.made", suggestion)
    return suggestion


def update_suggestion(*, actor: User, suggestion_id: int, title: str, source: str, reason: str = "") -> Suggestion:
    """Change one's own suggestion while it waits; one that was sent back for changes is open again.

    Raises ValidationError as `make_suggestion`, or when it was answered meanwhile.
    Locks the suggestion. 5 queries at most.
    """
    with transaction.atomic():
        suggestion = _locked_pending(suggestion_id)
        _require_author(actor, suggestion)
        check_proposed(suggestion.base.source, source, answers=may_see_answers(actor, suggestion.asset))
        suggestion.title = _required(title, _("Say in a few words what changes."), TITLE_LENGTH)
        suggestion.reason, suggestion.source = _within(reason, TEXT_LENGTH), source
        changed = ["title", "reason", "source"]
        if suggestion.state == State.CHANGES_ASKED:
            suggestion.state, suggestion.due = State.OPEN, due_after(timezone.localdate())
            suggestion.answer, suggestion.decided_by, suggestion.decided_at = "", None, None
            changed += ["state", "due", "answer", "decided_by", "decided_at"]
        suggestion.save(update_fields=changed)
        _audit(actor, "suggestion.changed", suggestion)
    return suggestion


def accept_suggestion(
    *, actor: User, suggestion_id: int, choices: Mapping[str, str] | None = None, answer: str = ""
) -> Suggestion:
    """Merge a suggestion into the draft, three ways: its base, the draft as it is now, the suggestion.

    Args:
        choices: conflict id → "ours" (the draft), "theirs" (the suggestion), "both", or the text to put there.
        answer: said to the suggester.

    Raises MergeConflicts while places are left without a choice, or when the draft moved since the choices were made:
    nothing is changed then. Raises ValidationError when it was answered already.
    Locks the draft, then the suggestion. 6 queries.
    """
    with transaction.atomic():
        asset_id = Suggestion.objects.values_list("asset_id", flat=True).get(pk=suggestion_id)
        draft = locked_draft(asset_id)
        suggestion = _locked_pending(suggestion_id)
        source = _merged(suggestion, draft, choices or {})
        if source != draft.source:
            draft.source, draft.edit, draft.updated_by = source, draft.edit + 1, actor
            draft.save(update_fields=["source", "edit", "updated_by", "updated_at"])
        _decide(actor, suggestion, State.ACCEPTED, answer)
        _audit(actor, "suggestion.accepted", suggestion)
    return suggestion


def decline_suggestion(*, actor: User, suggestion_id: int, reason: str) -> Suggestion:
    """Say no, and why: the suggester reads it. Raises ValidationError without a reason. Locks it. 3 queries."""
    reason = _required(reason, _("Say why: the person who suggested it reads this."), TEXT_LENGTH)
    with transaction.atomic():
        suggestion = _locked_pending(suggestion_id)
        _decide(actor, suggestion, State.DECLINED, reason)
        _audit(actor, "suggestion.declined", suggestion)
    return suggestion


def ask_for_changes(*, actor: User, suggestion_id: int, text: str) -> Suggestion:
    """Send a suggestion back with what should be different, also kept as a comment. Locks it. 4 queries."""
    text = _required(text, _("Say what should be different."), TEXT_LENGTH)
    with transaction.atomic():
        suggestion = _locked_pending(suggestion_id)
        SuggestionComment.objects.create(suggestion=suggestion, author=actor, text=text)
        _decide(actor, suggestion, State.CHANGES_ASKED, text)
        _audit(actor, "suggestion.changes_asked", suggestion)
    return suggestion


def comment_on_suggestion(*, actor: User, suggestion_id: int, text: str, line: int | None = None) -> SuggestionComment:
    """Add a remark to the conversation, on a line of the suggested file or on the whole. 3 queries."""
    text = _required(text, _("Write the comment first."), TEXT_LENGTH)
    with transaction.atomic():
        suggestion = Suggestion.objects.select_related("asset", "base").get(pk=suggestion_id)
        if line is not None and not 1 <= line <= suggestion.source.count("\n") + 1:
            raise ValidationError(_("There is no line %(line)d in the suggestion.") % {"line": line})
        comment = SuggestionComment.objects.create(suggestion=suggestion, author=actor, text=text, line=line)
        _audit(actor, "suggestion.commented", suggestion)
    return comment


def withdraw_suggestion(*, actor: User, suggestion_id: int) -> Suggestion:
    """Take one's own suggestion back while nobody answered it. Locks it. 3 queries."""
    with transaction.atomic():
        suggestion = _locked_pending(suggestion_id)
        _require_author(actor, suggestion)
        _decide(actor, suggestion, State.WITHDRAWN, "")
        _audit(actor, "suggestion.withdrawn", suggestion)
    return suggestion


def mark_merged(*, asset_id: int, version: Version) -> int:
    """Say of the accepted suggestions that their edit is in `version`: the one just saved from the draft. 1 query.

    Called by `save_version` inside its transaction. Returns how many there were.
    """
    waiting = Suggestion.objects.filter(asset=asset_id, state=State.ACCEPTED, merged_in=None)
    return waiting.update(merged_in=version)


def _merged(suggestion: Suggestion, draft: Draft, choices: Mapping[str, str]) -> str:
    texts = (suggestion.base.source, draft.source, suggestion.source)
    try:
        result = merge_suggestion(*texts, choices)
    except ContentError as error:
        raise ValidationError(_("The draft cannot be read, so nothing merges into it. Mend it first.")) from error
    except ValueError:  # the draft moved since the choices were made: they belong to conflicts that are no more
        raise MergeConflicts(merge_suggestion(*texts).conflicts, draft.edit) from None
    if result.document is None or result.conflicts:
        raise MergeConflicts(result.conflicts, draft.edit)
    return serialise(result.document)


def _locked_pending(suggestion_id: int) -> Suggestion:
    """The suggestion with its base and asset, locked. Raises ValidationError when it was answered. 1 query."""
    found = Suggestion.objects.select_for_update(of=("self",)).select_related("base", "asset__collection")
    suggestion = found.get(pk=suggestion_id)
    if suggestion.state not in PENDING:
        raise ValidationError(
            _("This suggestion was %(state)s already.") % {"state": suggestion.get_state_display()}, code="answered"
        )
    return suggestion


def _require_author(actor: User, suggestion: Suggestion) -> None:
    if suggestion.author_id != actor.pk:
        raise PermissionDenied(_("This suggestion is somebody else’s. Only its author can change or withdraw it."))


def _decide(actor: User, suggestion: Suggestion, state: Suggestion.State, answer: str) -> None:
    suggestion.state, suggestion.answer = state, _within(answer, TEXT_LENGTH)
    suggestion.decided_by, suggestion.decided_at = actor, timezone.now()
    suggestion.save(update_fields=["state", "answer", "decided_by", "decided_at"])


def _required(text: str, missing: str, most: int) -> str:
    text = _within(text, most)
    if not text:
        raise ValidationError(missing, code="required")
    return text


def _within(text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise ValidationError(
            _("That has %(has)d characters; %(most)d are the most. Make it shorter.") % {"has": len(text), "most": most}
        )
    return text


def _audit(actor: User, action: str, suggestion: Suggestion) -> None:
    data = {
        "asset": suggestion.asset.key, "asset_id": suggestion.asset_id, "version": suggestion.base.number,
        "version_id": suggestion.base_id, "suggestion": suggestion.pk, "state": str(suggestion.state),
    }  # fmt: skip
    write_audit(actor=actor, action=action, object_type="suggestion", object_key=str(suggestion.pk), data=data)
