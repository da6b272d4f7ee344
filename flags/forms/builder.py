"""The rule builder's forms: who, conditions, people by name, exceptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flags.engine import AllOf, AnyOf, Condition, NoneOf, Rule, RuleError, Schema
from flags.engine.fields import BUILTINS
from flags.forms.rows import OPERATORS, Row, Shape, fitting_operators, read_row, shape_of
from flags.queries import InvalidRuleError, check_named, rule_sentence, schema
from flags.queries.choices import Choices, choices

ROWS = 2
"""Rows that a new builder offers, and that "More rows" adds."""
MOST_ROWS = 50

LABELS: dict[str, Promise] = {
    "team": _("Team, with the teams below it"),
    "team_only": _("Team, without the teams below it"),
    "job_role": _("Job role"),
    "region": _("Region"),
    "locale": _("Language"),
    "tenure_days": _("Days since they started"),
    "group": _("Group"),
    "person": _("Username"),
}


class ConditionForm(forms.Form):
    """One row: attribute, comparison, value. A row without an attribute is an empty row."""

    attribute = forms.ChoiceField(label=_("Attribute"), required=False)
    op = forms.ChoiceField(label=_("Comparison"), required=False, choices=OPERATORS)
    value = forms.CharField(label=_("Value"), required=False, max_length=20_000)

    def __init__(self, *args: Any, known: Schema, offered: Choices, list_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.offered = offered
        self.rule: Condition | None = None
        own = [(name, offered.labels.get(name, name)) for name in known.attributes if name not in BUILTINS]
        attribute = self.fields["attribute"]
        if isinstance(attribute, forms.ChoiceField):
            attribute.choices = [("", _("Choose one")), *LABELS.items(), *own]
        self.fields["value"].widget.attrs |= {"list": list_id, "autocomplete": "off"}

    @property
    def label(self) -> str:
        """What the chosen attribute is called."""
        choices_ = dict(self.fields["attribute"].choices)  # type: ignore[attr-defined]  # it is a choice field
        name = self["attribute"].value() or ""
        return str(choices_.get(name, name))

    def clean(self) -> dict[str, Any]:
        """Read the row into `rule`, which stays None for an empty one."""
        cleaned = super().clean() or self.cleaned_data
        name, text = cleaned.get("attribute", ""), cleaned.get("value", "")
        if self.errors:
            return cleaned
        if not name:
            if text:
                message = _("“%(text)s” is compared with nothing. Choose an attribute.")
                self.add_error("attribute", ValidationError(message, params={"text": text}))
            return cleaned
        try:
            self.rule = read_row(Row(name, cleaned.get("op") or "is", text), self.known, self.offered)
        except RuleError as error:
            if error.path.endswith(".op"):
                fit = ", ".join(fitting_operators(name, self.known))
                self.add_error("op", ValidationError(_("This attribute is compared by: %(fit)s."), params={"fit": fit}))
            else:
                self.add_error("value", f"{error.message} {error.fix}".replace(f"“{name}”", f"“{self.label}”"))
        except ValidationError as error:
            self.add_error("value", error)
        return cleaned


class WhoForm(forms.Form):
    """The part of the builder that is not rows."""

    EVERYONE, RULE, KEEP = "everyone", "rule", "keep"

    who = forms.ChoiceField(label=_("Who is it for?"), widget=forms.RadioSelect)
    match = forms.ChoiceField(
        label=_("People must meet"),
        choices=[("all", _("all of these conditions")), ("any", _("at least one of these conditions"))],
        widget=forms.RadioSelect,
    )
    people = forms.CharField(
        label=_("People by name"),
        required=False,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=_("Usernames, separated by commas or lines. They are in even if they do not meet the conditions."),
    )

    def __init__(self, *args: Any, keep: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: list[tuple[str, Any]] = [
            (self.EVERYONE, _("Everyone")),
            (self.RULE, _("People by condition or by name")),
        ]
        if keep:
            offered.insert(0, (self.KEEP, _("As it is: %(sentence)s") % {"sentence": keep}))
        who = self.fields["who"]
        if isinstance(who, forms.ChoiceField):
            who.choices = offered

    def clean_people(self) -> list[str]:
        """The usernames in the order given, each once."""
        names = self.cleaned_data["people"].replace(",", "\n").splitlines()
        return list(dict.fromkeys(name.strip().removeprefix("@") for name in names if name.strip(" @")))


class RuleBuilder:
    """The whole form; views and templates treat it as one: `is_valid()`, `errors`, then `to_rule()`.

    "More rows" posts the form with that button's name: `wants_more` is then true, nothing is valid, and the page shows
    the builder again with what was typed.

    Args:
        data: the POST data; None for a fresh one.
        prefix: of every field's name.
        rule: the rule to start from. One that rows cannot express can be kept as it is, or replaced.

    5 queries to make, and up to 3 for the sentence of a rule that is kept; `is_valid` asks up to 3 more.
    """

    template_name = "flags/rule_builder.html"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, prefix: str = "audience", rule: Rule | None = None
    ) -> None:
        self.prefix = prefix
        self.data = data
        self.list_id = f"{prefix}-values"
        self.known = schema()
        self.offered = choices()
        self.original = rule
        self.rule: Rule | None = None
        self.problems: list[str] = []
        shape = Shape() if rule is None else shape_of(rule, self.known, self.offered)
        start = shape or Shape()
        keep = rule_sentence(rule) if rule is not None and shape is None else ""
        people = ", ".join(start.people)
        initial = {"who": WhoForm.KEEP if keep else start.who, "match": start.match, "people": people}
        self.who = WhoForm(data, prefix=prefix, keep=keep, initial=initial)
        self.when = self._rows("when", start.when)
        self.unless = self._rows("unless", start.unless)

    @property
    def wants_more(self) -> bool:
        """Whether a "More rows" button was pressed: show the builder again, save nothing."""
        return self.data is not None and any(f"{self.prefix}-{part}-more" in self.data for part in ("when", "unless"))

    @property
    def has_exceptions(self) -> bool:
        """Whether the exceptions hold anything, so that the page shows them unfolded."""
        more = self.data is not None and f"{self.prefix}-unless-more" in self.data
        return more or any(row["attribute"].value() or row["value"].value() for row in self.unless)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Id of the field → messages, and "" → messages about the whole. Empty when valid, or when not posted."""
        found: dict[str, list[str]] = {"": self.problems} if self.problems else {}
        for form in (self.who, *self.when, *self.unless):
            for name, said in form.errors.items():
                found[form[name].id_for_label or f"{form[name].auto_id}_0"] = [str(message) for message in said]
        return found

    def is_valid(self) -> bool:
        """Whether the posted rows make a rule. Up to 3 queries, for teams, groups and people that are named."""
        self.problems, self.rule = [], None
        if self.data is None or self.wants_more:
            return False
        if not all([self.who.is_valid(), *(row.is_valid() for row in (*self.when, *self.unless))]):
            return False
        try:
            self.rule = self._compose()
            check_named([self.rule])
        except InvalidRuleError as error:
            self.rule, self.problems = None, [f"{error.error.message} {error.error.fix}"]
        except ValidationError as error:
            self.problems = list(error.messages)
        return self.rule is not None

    def to_rule(self) -> Rule:
        """The rule. Raises ValueError unless `is_valid()` said yes."""
        if self.rule is None:
            raise ValueError("The builder holds no valid rule: ask is_valid() first.")
        return self.rule

    def _rows(self, part: str, start: Sequence[Row]) -> list[ConditionForm]:
        prefix = f"{self.prefix}-{part}"
        number = max(ROWS, len(start) + 1) if self.data is None else self._posted(prefix)
        return [
            ConditionForm(
                self.data,
                prefix=f"{prefix}-{place}",
                initial=start[place]._asdict() if place < len(start) else {},
                known=self.known,
                offered=self.offered,
                list_id=self.list_id,
            )
            for place in range(number)
        ]

    def _posted(self, prefix: str) -> int:
        """How many rows to show for posted data: rows are numbered from 0 without a gap."""
        data = self.data or {}
        number = 0
        while number < MOST_ROWS and f"{prefix}-{number}-attribute" in data:
            number += 1
        return min(MOST_ROWS, max(number + (ROWS if f"{prefix}-more" in data else 0), 1))

    def _compose(self) -> Rule:
        """The rule of valid rows. Raises ValidationError when they say nothing, or contradict each other."""
        cleaned = self.who.cleaned_data
        when = tuple(row.rule for row in self.when if row.rule is not None)
        unless = tuple(row.rule for row in self.unless if row.rule is not None)
        people = tuple(cleaned["people"])
        if cleaned["who"] == WhoForm.KEEP and self.original is not None:
            if when or unless or people:
                raise ValidationError(
                    _("You keep the audience as it is, and give conditions too. Choose one of the two.")
                )
            return self.original
        if cleaned["who"] == WhoForm.EVERYONE:
            if when or people:
                raise ValidationError(_("You chose everyone, and gave conditions or names too. Choose one of the two."))
            return AllOf((NoneOf(unless),)) if unless else AllOf()
        return _composed(when, cleaned["match"], people, unless)


def _composed(when: tuple[Condition, ...], match: str, people: tuple[str, ...], unless: tuple[Condition, ...]) -> Rule:
    if not when and not people:
        raise ValidationError(_("Nobody is chosen. Give a condition, name people, or choose everyone."))
    rule: Rule = AnyOf(when) if match == "any" else AllOf(when)
    if people:
        named = Condition(BUILTINS["person"], "in", people)
        rule = AnyOf((rule, named)) if when else named
    if not unless:
        return rule
    parts = rule.parts if isinstance(rule, AllOf) else (rule,)
    return AllOf((*parts, NoneOf(unless)))
