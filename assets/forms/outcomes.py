"""Outcomes and frameworks, as their admin pages ask for them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from assets.gates import SETTINGS, all_gates
from assets.models import Collection, Outcome

if TYPE_CHECKING:
    _OutcomeForm = forms.ModelForm[Outcome]
    _CollectionForm = forms.ModelForm[Collection]
else:
    _OutcomeForm = _CollectionForm = forms.ModelForm


class OutcomeForm(_OutcomeForm):
    """An outcome: verb, object, condition, measure. What is refused, assets.actions.outcomes says."""

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

    def chosen(self) -> dict[str, str]:
        """The settings of the gates, those left as usual not among them."""
        return {
            name.removeprefix(self.PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(self.PREFIX) and value
        }
