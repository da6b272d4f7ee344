"""Forms of the release pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from delivery.models import Channel


class ShareForm(forms.Form):
    """Which share of the audience gets a release."""

    percent = forms.DecimalField(
        label=_("Share of them, in per cent"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        initial=100,
        widget=forms.NumberInput({"class": "short", "inputmode": "decimal", "step": "any"}),
        error_messages={
            "min_value": _("A share cannot be below 0. Give a number from 0 to 100."),
            "max_value": _("A share cannot be above 100. Give a number from 0 to 100."),
            "invalid": _("That is not a number. Give one from 0 to 100, for example 12.5."),
        },
    )

    def hundredths(self) -> int:
        """The share in hundredths of a per cent, 0 to 10,000."""
        return int(self.cleaned_data["percent"] * 100)


class ShipForm(ShareForm):
    """Everything about a new release but its audience, which is the rule builder's."""

    version = forms.TypedChoiceField(label=_("Version"), coerce=int)
    channels = forms.MultipleChoiceField(
        label=_("Tell people through"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The portal shows it in any case."),
    )
    note = forms.CharField(
        label=_("What changes for people"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("One sentence. It stands at the top of the message."),
    )

    field_order = ("version", "percent", "channels", "note")

    def __init__(self, *args: Any, versions: list[tuple[int, str]], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version, channels = self.fields["version"], self.fields["channels"]
        if isinstance(version, forms.TypedChoiceField) and isinstance(channels, forms.MultipleChoiceField):
            version.choices = versions
            channels.choices = [(kind, Channel.Kind(kind).label) for kind in kinds]
