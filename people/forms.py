"""Forms of the people room."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.capabilities import LABELS, Capability
from people.models import ApiToken, AttributeDefinition, Team, User

if TYPE_CHECKING:
    _PersonForm = forms.ModelForm[User]
    _TeamForm = forms.ModelForm[Team]
    _GroupForm = forms.ModelForm[Group]
    _TokenForm = forms.ModelForm[ApiToken]
    _PersonField = forms.ModelChoiceField[User]
else:
    _PersonForm = _TeamForm = _GroupForm = _TokenForm = forms.ModelForm
    _PersonField = forms.ModelChoiceField

PREFIX = "attribute_"


class PersonForm(_PersonForm):
    """A person, with one field for each declared attribute."""

    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Groups"),
        help_text=_("What the person may do."),
    )

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "is_active",
            "team",
            "job_role",
            "region",
            "locale",
            "timezone",
            "start_date",
            "groups",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definitions = {d.key: d for d in AttributeDefinition.objects.all()}
        if self.instance.pk and "groups" in self.fields:
            self.initial["groups"] = self.instance.groups.all()
        if "is_active" in self.fields:
            self.fields["is_active"].help_text = _("Take this away to close the account. The record stays.")
        for key, definition in self.definitions.items():
            self.fields[PREFIX + key] = forms.CharField(
                label=definition.label,
                required=False,
                help_text=f"{definition.get_type_display()}{_(', sensitive') if definition.sensitive else ''}",
                initial=definition.write(self.instance.attributes.get(key)),
            )

    def attributes(self) -> dict[str, Any]:
        """The typed values of the attribute fields; adds an error to each field that holds none of its type."""
        values = {}
        for key, definition in self.definitions.items():
            try:
                value = definition.read(self.cleaned_data.get(PREFIX + key, ""))
            except ValidationError as error:
                self.add_error(PREFIX + key, error)
                continue
            if value is not None:
                values[key] = value
        return values

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["attributes"] = self.attributes()
        return cleaned


class PersonField(_PersonField):
    """One person, by username: a list of everybody would be too long, and this needs no script."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        unknown = _("Nobody active has this username.")
        super().__init__(
            User.objects.filter(is_active=True),
            to_field_name="username",
            error_messages={"invalid_choice": unknown},
            **kwargs,
        )


class PeopleField(forms.CharField):
    """People by username, separated by commas or spaces. Cleans to a list of `User`."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(person.username for person in value)

    def clean(self, value: Any) -> Any:
        names = list(dict.fromkeys(super().clean(value).replace(",", " ").split()))
        found = {person.username: person for person in User.objects.filter(username__in=names)}
        unknown = [name for name in names if name not in found]
        if unknown:
            raise ValidationError(_("Nobody has the username %(names)s."), params={"names": ", ".join(unknown)})
        return [found[name] for name in names]


class TeamForm(_TeamForm):
    managers = PeopleField(
        label=_("Managers"),
        required=False,
        help_text=_("Usernames, with commas between. They see all teams below, too."),
    )

    class Meta:
        model = Team
        fields = ("key", "name", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["managers"] = self.instance.managers.order_by("username")


class TokenForm(_TokenForm):
    user = PersonField(label=_("Person"), help_text=_("The username of the person the token acts as."))

    class Meta:
        model = ApiToken
        fields = ("user", "name")


class GroupForm(_GroupForm):
    """A group and what being in it lets people do."""

    capabilities = forms.MultipleChoiceField(
        choices=[(capability.value, LABELS[capability]) for capability in Capability],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("People in this group may"),
    )

    class Meta:
        model = Group
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["capabilities"] = [link.capability for link in self.instance.capabilities.all()]


class ImportForm(forms.Form):
    """A CSV file of people and how to take it."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Comma, semicolon or tab between the columns; saved as UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    partial = forms.BooleanField(
        label=_("The file has only some of the columns"),
        required=False,
        help_text=_("What it leaves out stays as it is."),
    )
    deactivate_missing = forms.BooleanField(
        label=_("Deactivate people who are not in the file"),
        required=False,
        help_text=_("You and superusers stay. Everybody in the file is active."),
    )
