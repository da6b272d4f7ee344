"""Audiences in words."""

from django.utils.translation import gettext, ngettext

from flags.engine import Rule, RuleError, Wording, conditions, parse_rule, sentence
from flags.models import Audience
from flags.queries.people import schema
from people.models import AttributeDefinition, Team, User


def rule_sentence(rule: Rule) -> str:
    """The rule in the reader's language, with the names of teams, people and attributes. 3 queries at most."""
    fields = {condition.field.name for condition in conditions(rule)}
    teams = dict(Team.objects.values_list("key", "name")) if fields & {"team", "team_only"} else {}
    people = _people(rule) if "person" in fields else {}
    attributes = any(not condition.field.builtin for condition in conditions(rule))
    labels = dict(AttributeDefinition.objects.values_list("key", "label")) if attributes else {}
    builtin = {
        "job_role": gettext("job role"),
        "region": gettext("region"),
        "locale": gettext("language"),
        "person": gettext("username"),
        "team_only": gettext("own team"),
    }
    names = {"team": teams, "person": people}
    wording = Wording(
        gettext=gettext,
        ngettext=ngettext,
        name=lambda field, value: names.get(field, {}).get(value, value),
        label=lambda name: labels.get(name) or builtin.get(name, name),
    )
    return sentence(rule, wording)


def _people(rule: Rule) -> dict[str, str]:
    named: set[str] = set()
    for condition in conditions(rule):
        if condition.field.name == "person":
            values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
            named.update(str(value) for value in values)
    return {person.username: str(person) for person in User.objects.filter(username__in=named)}


def audience_sentence(audience: Audience) -> str:
    """The stored rule in words, or what is wrong with it. 4 queries at most."""
    try:
        return rule_sentence(parse_rule(audience.rule, schema()))
    except RuleError as error:
        return gettext("Nobody, because the rule can no longer be read: %(problem)s") % {"problem": error.message}
