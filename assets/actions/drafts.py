"""Change drafts without overwriting anybody."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assets.content import Conflict, merge
from assets.content.text import MAX_BYTES, unstorable
from assets.gates.candidate import parsed
from assets.models import Draft
from people.models import User


@dataclass(frozen=True, slots=True)
class Collision:
    """Two texts that changed the same place. `base` is what both began with; nothing of either is lost."""

    base: str
    ours: str
    theirs: str
    conflicts: tuple[Conflict, ...]


class DraftMoved(ValidationError):
    """Somebody saved meanwhile and changed the same place. The page shows both and asks.

    `draft` is the draft as it is now; `collision` holds the three texts and where they collide.
    """

    def __init__(self, draft: Draft, collision: Collision) -> None:
        said = _("Somebody else saved this draft meanwhile, and changed the same place. Choose what stays.")
        super().__init__(said, code="draft_moved")
        self.draft = draft
        self.collision = collision


def locked_draft(asset_id: int) -> Draft:
    """The asset's draft, locked until the transaction ends. Raises ValidationError when there is none. 1 query."""
    draft = Draft.objects.select_for_update().filter(pk=asset_id).first()
    if draft is None:
        raise ValidationError(_("This asset has no draft."))
    return draft


def merged(*, base: str, ours: str, theirs: str, draft: Draft) -> str:
    """The three-way merge of two texts. Raises DraftMoved when they changed the same place."""
    if theirs in {ours, base}:
        return ours
    if ours == base:
        return theirs
    result = merge(parsed(base), parsed(ours), parsed(theirs))
    if result.document is None:
        raise DraftMoved(draft, Collision(base, ours, theirs, result.conflicts))
    return result.document.source


def save_draft(*, actor: User | None, asset_id: int, source: str, edit: int, base: str | None = None) -> Draft:
    """Save the working copy and nothing else.

    Args:
        source: the whole file.
        edit: the edit counter that the saver started from.
        base: the text the saver started from, for a better merge; the version the draft is based on when left out.

    When somebody saved in between, the two texts are merged; the returned draft then holds both. Saving what is there
    already changes nothing.

    Raises DraftMoved when both changed the same place, ValidationError for a text that cannot be kept.
    Locks the draft's row. 3 queries at most.
    """
    _refuse_unstorable(source)
    with transaction.atomic():
        draft = locked_draft(asset_id)
        if edit != draft.edit:
            if base is None:
                base = draft.based_on.source if draft.based_on else ""
            source = merged(base=base, ours=source, theirs=draft.source, draft=draft)
        if source != draft.source:
            draft.source, draft.edit, draft.updated_by = source, draft.edit + 1, actor
            draft.save(update_fields=["source", "edit", "updated_by", "updated_at"])
    return draft


def _refuse_unstorable(source: str) -> None:
    problem = unstorable(source)
    if problem:
        raise ValidationError(f"{problem.message} {problem.fix}")
    if len(source.encode()) > MAX_BYTES:
        raise ValidationError(_("The text is larger than 1 MB. Split it into several assets."))
