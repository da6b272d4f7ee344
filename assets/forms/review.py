"""What a reader fills in: an edit they suggest, a flag for review, a comment. Saving goes through the actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assets.actions.review_flags import TEXT_LENGTH as FLAG_LENGTH
from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestion_text import Proposal, check_proposed, proposed_source, shown_text
from assets.actions.suggestions import TEXT_LENGTH, TITLE_LENGTH, make_suggestion, update_suggestion
from assets.content import CheckSlot, Html, render
from assets.gates import parsed
from assets.models import ReviewFlag, Suggestion, Version
from people.models import User


class SuggestionForm(forms.Form):
    """An edit of a version's body. Without `may_see_answers` the checks show their questions only.

    Whether the person may see the version is decided before. `suggestion` is the one that is being changed, of the
    same base. A submit button named `preview` asks for a preview: nothing is checked then, see `wants_preview`.
    """

    title = forms.CharField(
        label=_("What changes"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("In a few words, for example: Say who approves above the limit."),
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you saw or heard. It helps whoever reviews it."),
    )
    text = forms.CharField(
        label=_("The text"),
        strip=False,
        widget=forms.Textarea({"rows": 24, "class": "mono", "spellcheck": "true"}),
        error_messages={"required": _("The text is empty. Suggest what it should say.")},
    )
    # What the page held when it was drawn: rights may change while somebody types.
    redacted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        version: Version,
        may_see_answers: bool,
        suggestion: Suggestion | None = None,
        **kwargs: Any,
    ) -> None:
        self.version = version
        self.suggestion = suggestion
        self.locked = not may_see_answers
        source = suggestion.source if suggestion else version.source
        first = {
            "text": shown_text(source, answers=may_see_answers),
            "redacted": self.locked,
            "title": suggestion.title if suggestion else "",
            "reason": suggestion.reason if suggestion else "",
        }
        super().__init__(data, initial={**first, **kwargs.pop("initial", {})}, **kwargs)
        if self.locked and parsed(source).checks:
            self.fields["text"].help_text = _(
                "Checks show their questions only. You can move a check or reword its question; its answers stay."
            )

    @property
    def wants_preview(self) -> bool:
        """Whether the person pressed Preview: show the page again, save nothing."""
        return self.is_bound and "preview" in self.data

    def full_clean(self) -> None:
        if self.wants_preview:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def preview(self) -> SafeString:
        """The text as it stands in the form, rendered without answers. No query."""
        return preview_of(str(self["text"].value() or ""))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                check_proposed(self.version.source, self.source(), answers=not self.locked, body_only=True)
            except ValidationError as error:
                self.add_error("text", error)
        return cleaned

    def source(self) -> str:
        """The whole file that is proposed, the base's answers put back where they were left out."""
        given = self.cleaned_data
        redacted = self.locked or bool(given.get("redacted"))
        earlier = self.suggestion.source if self.suggestion else ""
        return proposed_source(self.version.source, Proposal(given["text"], redacted=redacted), earlier=earlier)

    def save(self, actor: User) -> Suggestion | None:
        """Make the suggestion, or change it. None when it was refused: the form then holds why."""
        title, reason = self.cleaned_data["title"], self.cleaned_data["reason"]
        try:
            if self.suggestion:
                return update_suggestion(
                    actor=actor, suggestion_id=self.suggestion.pk, title=title, reason=reason, source=self.source()
                )
            return make_suggestion(actor=actor, base=self.version, title=title, reason=reason, source=self.source())
        except ValidationError as error:
            self.add_error(None, error)
            return None


def preview_of(text: str) -> SafeString:
    """A body as it will read, checks as their questions. It shows what was typed and nothing of the library.

    Links and images lead nowhere yet: their words stand. No query.
    """
    segments = render(parsed(text), link=_nothing, image=_nothing).segments
    parts = [part.html if isinstance(part, Html) else _check(part) for part in segments]
    return mark_safe("".join(parts))  # noqa: S308 rendered and cleaned by assets.content


def _check(slot: CheckSlot) -> str:
    prompt = slot.prompt or "____".join(slot.parts)
    return f'<div class="card check"><p class="kicker">{escape(slot.check.key)}</p>{prompt}</div>'


def _nothing(_address: str) -> str | None:
    return None


class ReviewFlagForm(forms.Form):
    """What is the matter with what one reads, in one tap and a few words."""

    kind = forms.ChoiceField(
        label=_("What is the matter?"),
        choices=ReviewFlag.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is the matter.")},
    )
    text = forms.CharField(
        label=_("Where, and what should it say?"),
        required=False,
        max_length=FLAG_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )

    def save(self, actor: User, *, asset_id: int, version_id: int) -> ReviewFlag:
        """Raise the flag; a second of the same kind changes the first."""
        return raise_review_flag(actor=actor, asset_id=asset_id, version_id=version_id, **self.cleaned_data)


class CommentForm(forms.Form):
    """A remark on a suggestion."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write the comment first.")},
    )
