"""Outcomes and frameworks, as their admin pages ask for them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from assets.content import is_asset_key
from assets.gates import SETTINGS, all_gates
from assets.gates.verbs import unobservable_start
from assets.models import Collection, Outcome

if TYPE_CHECKING:
    _OutcomeForm = forms.ModelForm[Outcome]
    _CollectionForm = forms.ModelForm[Collection]
else:
    _OutcomeForm = _CollectionForm = forms.ModelForm


def refuse_unobservable(statement: str) -> None:
    """Raise ValidationError, with verbs to try, when nobody could see a person do what `statement` says."""
    refused = unobservable_start(statement)
    if refused:
        said = __("Nobody can watch a person “%(phrase)s”. Say what they do instead; try: %(verbs)s.")
        raise ValidationError(said % {"phrase": refused[0], "verbs": refused[1]})


class OutcomeForm(_OutcomeForm):
    """An outcome: an observable verb, an object, a condition, a measure."""

    class Meta:
        model = Outcome
        fields = (
            "framework", "key", "statement", "condition", "measure", "parent", "is_group", "position", "prerequisites",
        )  # fmt: skip
        help_texts = {  # noqa: RUF012 - Django's own shape
            "key": _("Small letters, digits, dots and hyphens, for example refunds.issue-partial. Texts name it."),
            "statement": _("A verb that can be seen, and its object: “Issue a partial refund within the limit”."),
            "condition": _("With what, and where: “in the order panel, without help”."),
            "measure": _("How well: “within two minutes, nothing refunded twice”."),
            "is_group": _("A heading only: nothing is taught or asked for it."),
        }

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not is_asset_key(key):
            raise ValidationError(_("Use small letters, digits, dots and hyphens, for example refunds.issue-partial."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("statement") and not cleaned.get("is_group"):
            try:
                refuse_unobservable(cleaned["statement"])
            except ValidationError as refused:
                self.add_error("statement", refused)
        self._refuse_a_loop(cleaned.get("parent"))
        return cleaned

    def _refuse_a_loop(self, parent: Outcome | None) -> None:
        above = parent
        while above is not None and self.instance.pk:
            if above.pk == self.instance.pk:
                self.add_error("parent", _("An outcome cannot be part of one that is below it."))
                return
            above = above.parent


class CollectionForm(_CollectionForm):
    """A collection; each gate can be turned off, or made to warn or block, in it."""

    PREFIX = "gate_"

    class Meta:
        model = Collection
        fields = ("name", "key", "description", "lead", "learners_may_suggest", "licence", "attribution")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.gate_settings or {}
        words = {"off": _("off"), "warn": _("warns"), "block": _("blocks")}
        for gate in all_gates():
            usual = __("as usual: %(severity)s") % {"severity": __(gate.severity)}
            self.fields[self.PREFIX + gate.code] = forms.ChoiceField(
                label=str(gate.title), required=False, initial=chosen.get(gate.code, ""),
                choices=[("", usual), *((value, words[value]) for value in SETTINGS)],
            )  # fmt: skip

    def save(self, commit: bool = True) -> Collection:
        self.instance.gate_settings = {
            name.removeprefix(self.PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(self.PREFIX) and value
        }
        return super().save(commit)
