"""A rule as a sentence a person can check.

"People on Refunds or Escalations, in EMEA, who started at least 7 days ago". Translation is the caller's: pass
``gettext`` and ``ngettext``. Every string is a whole phrase with named places, so that a translator can order it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flags.engine.fields import Kind
from flags.engine.rules import AllOf, AnyOf, Condition, NoneOf, Rule

MOST_NAMED = 5
"""Values that are listed one by one; of more, the first ones and how many there are."""


def _same(text: str) -> str:
    return text


def _plural(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


def _key(_field: str, value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Wording:
    """How to say it.

    Args:
        gettext, ngettext: the translation functions of the reader's language.
        name: (field name, value) → what people call it, such as a team's name for its key.
        label: attribute name → what people call it.
    """

    gettext: Callable[[str], str] = _same
    ngettext: Callable[[str, str, int], str] = _plural
    name: Callable[[str, str], str] = _key
    label: Callable[[str], str] = _same


def sentence(rule: Rule, wording: Wording | None = None) -> str:
    """The rule in plain language, without a full stop."""
    return _Speaker(wording or Wording()).whole(rule)


class _Speaker:
    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def whole(self, rule: Rule) -> str:
        _ = self.wording.gettext
        if isinstance(rule, AllOf) and not rule.parts:
            return _("Everyone")
        if isinstance(rule, AnyOf) and not rule.parts:
            return _("Nobody")
        if isinstance(rule, AnyOf):
            named = self.only_named(rule)
            if named:
                return named
        if isinstance(rule, AllOf) and all(isinstance(part, NoneOf) for part in rule.parts):
            return _("Everyone, %(limits)s") % {"limits": self.phrase(rule, top=True)}
        if isinstance(rule, Condition) and rule.field.name == "person" and rule.op in ("is", "in"):
            return _("By name: %(people)s") % {"people": self.either("person", rule.value)}
        return _("People %(who)s") % {"who": self.phrase(rule, top=True)}

    def only_named(self, rule: AnyOf) -> str:
        """ "(the rule), and by name: …" for the shape that the form writes; empty for any other."""
        _ = self.wording.gettext
        last = rule.parts[-1]
        if len(rule.parts) == 2 and isinstance(last, Condition) and last.field.name == "person" and last.op == "in":
            people = self.either("person", last.value)
            return _("%(rule)s; and by name %(people)s") % {"rule": self.whole(rule.parts[0]), "people": people}
        return ""

    def phrase(self, rule: Rule, top: bool = False) -> str:
        _ = self.wording.gettext
        if isinstance(rule, Condition):
            return self.condition(rule)
        if not rule.parts:
            return _("who are nobody") if isinstance(rule, AnyOf) else _("whoever they are")
        if isinstance(rule, NoneOf):
            return _("except those %(who)s") % {"who": self.join(rule.parts, _(" or "))}
        if isinstance(rule, AllOf):
            inner = ", ".join(self.phrase(part) for part in rule.parts)
            return inner if top or len(rule.parts) == 1 else f"({inner})"
        inner = self.join(rule.parts, _(" or "))
        return inner if top or len(rule.parts) == 1 else _("either %(who)s") % {"who": inner}

    def join(self, parts: tuple[Rule, ...], word: str) -> str:
        return word.join(self.phrase(part) for part in parts)

    def condition(self, condition: Condition) -> str:
        special = {
            "tenure_days": self.tenure,
            "team": self.team,
            "team_only": self.team,
            "group": self.group,
        }.get(condition.field.name, self.place)
        return special(condition) or self.plain(condition)

    def team(self, condition: Condition) -> str:
        _ = self.wording.gettext
        if condition.op == "is_set":
            return _("on a team")
        if condition.op == "is_not_set":
            return _("on no team")
        forms = {
            "team": {"yes": _("on %(teams)s"), "no": _("on a team other than %(teams)s")},
            "team_only": {"yes": _("directly on %(teams)s"), "no": _("not directly on %(teams)s")},
        }[condition.field.name]
        if condition.op not in ("is", "in", "is_not", "not_in"):
            return ""
        form = forms["no" if condition.op in ("is_not", "not_in") else "yes"]
        return form % {"teams": self.either("team", condition.value)}

    def group(self, condition: Condition) -> str:
        _ = self.wording.gettext
        if condition.op == "is_set":
            return _("in any group")
        if condition.op == "is_not_set":
            return _("in no group")
        return _("in the group %(groups)s") % {"groups": self.either("group", condition.value)}

    def place(self, condition: Condition) -> str:
        """Short forms for region, job role, locale and person."""
        _ = self.wording.gettext
        forms = {
            "region": (_("in %(values)s"), _("outside %(values)s")),
            "job_role": (_("working as %(values)s"), _("not working as %(values)s")),
            "locale": (_("who read %(values)s"), _("who do not read %(values)s")),
            "person": (_("named %(values)s"), _("other than %(values)s")),
        }.get(condition.field.name)
        if forms is None or condition.op not in ("is", "in", "is_not", "not_in"):
            return ""
        form = forms[condition.op in ("is_not", "not_in")]
        return form % {"values": self.either(condition.field.name, condition.value)}

    def tenure(self, condition: Condition) -> str:
        _ = self.wording.gettext
        value = condition.value
        if condition.op == "between" and isinstance(value, tuple):
            return _("who started %(low)s to %(high)s days ago") % {"low": _number(value[0]), "high": _number(value[1])}
        if condition.op in ("is_set", "is_not_set"):
            known = condition.op == "is_set"
            return _("whose start date is known") if known else _("whose start date is not known")
        if isinstance(value, tuple) or not isinstance(value, int | float):
            return ""
        days = self.wording.ngettext("%(number)s day", "%(number)s days", int(value)) % {"number": _number(value)}
        forms = {
            "lt": _("who started less than %(days)s ago"),
            "lte": _("who started at most %(days)s ago"),
            "gt": _("who started more than %(days)s ago"),
            "gte": _("who started at least %(days)s ago"),
            "is": _("who started %(days)s ago"),
            "is_not": _("who did not start %(days)s ago"),
        }
        return forms[condition.op] % {"days": days}

    def plain(self, condition: Condition) -> str:
        _ = self.wording.gettext
        forms = {
            "is": _("whose %(name)s is %(values)s"),
            "in": _("whose %(name)s is %(values)s"),
            "is_not": _("whose %(name)s is not %(values)s"),
            "not_in": _("whose %(name)s is not %(values)s"),
            "contains": _("whose %(name)s contains %(values)s"),
            "starts_with": _("whose %(name)s starts with %(values)s"),
            "ends_with": _("whose %(name)s ends with %(values)s"),
            "matches": _("whose %(name)s matches the pattern %(values)s"),
            "lt": _("whose %(name)s is less than %(values)s"),
            "lte": _("whose %(name)s is at most %(values)s"),
            "gt": _("whose %(name)s is more than %(values)s"),
            "gte": _("whose %(name)s is at least %(values)s"),
            "before": _("whose %(name)s is before %(values)s"),
            "after": _("whose %(name)s is after %(values)s"),
            "between": _("whose %(name)s is from %(values)s"),
            "has": _("whose %(name)s includes %(values)s"),
            "is_set": _("whose %(name)s is known"),
            "is_not_set": _("whose %(name)s is not known"),
        }
        if condition.field.kind is Kind.DATE:
            forms |= {
                "lte": _("whose %(name)s is %(values)s or before"),
                "gte": _("whose %(name)s is %(values)s or after"),
            }
        if condition.field.kind is Kind.LIST:
            forms["in"] = forms["has"]
        joined = self.values(condition)
        return forms[condition.op] % {"name": self.wording.label(condition.field.name), "values": joined}

    def values(self, condition: Condition) -> str:
        _ = self.wording.gettext
        if condition.op == "between" and isinstance(condition.value, tuple):
            low, high = (self.said(condition.field.name, item) for item in condition.value)
            return _("%(low)s to %(high)s") % {"low": low, "high": high}
        return self.either(condition.field.name, condition.value)

    def either(self, field: str, value: object) -> str:
        _ = self.wording.gettext
        items = value if isinstance(value, tuple) else (value,)
        said = [self.said(field, item) for item in items]
        if len(said) == 1:
            return said[0]
        if len(said) > MOST_NAMED:
            first, more = said[: MOST_NAMED - 1], len(said) - MOST_NAMED + 1
            return _("%(first)s or %(more)s more") % {"first": ", ".join(first), "more": more}
        return _("%(first)s or %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}

    def said(self, field: str, value: Any) -> str:
        _ = self.wording.gettext
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int | float):
            return _number(value)
        return self.wording.name(field, str(value))


def _number(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
