"""From JSON that somebody wrote to a rule that can be stored."""

from collections import defaultdict
from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from flags.engine import Rule, RuleError, conditions, parse_rule
from flags.queries.people import schema
from people.models import Team, User

_NAMING_OPERATORS = {"is", "is_not", "in", "not_in", "has"}
_KIND = {"person": "person", "team": "team", "team_only": "team", "group": "group"}


class InvalidRuleError(ValidationError):
    """A rule that cannot be stored. `error` holds the path, the problem and the fix."""

    def __init__(self, error: RuleError) -> None:
        self.error = error
        super().__init__(str(error), code="invalid_rule")


def read_rule(data: object) -> Rule:
    """Read one rule from decoded JSON; see `read_rules`."""
    return read_rules([data])[0]


def read_rules(items: Sequence[object]) -> list[Rule]:
    """Read rules from decoded JSON, and check that the teams, groups and people they name are there.

    1 query for all, and 1 each for teams, groups and people when some are named.

    Raises:
        InvalidRuleError: for the first problem.
    """
    known = schema()
    try:
        rules = [parse_rule(data, known) for data in items]
    except RuleError as error:
        raise InvalidRuleError(error) from error
    check_named(rules)
    return rules


def check_named(rules: Sequence[Rule]) -> None:
    """Check that the teams, groups and people that rules name are there. 1 query for each of the three that is named.

    Raises:
        InvalidRuleError: for the first kind of which some are not.
    """
    for kind, names in unknown_values(rules).items():
        said = {
            "team": _("There is no team with the key “%(name)s”."),
            "group": _("There is no group called “%(name)s”."),
            "person": _("There is no person with the username “%(name)s”."),
        }[kind]
        more = " " + _("The same goes for %(number)s more.") % {"number": len(names) - 1} if names[1:] else ""
        raise InvalidRuleError(
            RuleError("rule", said % {"name": names[0]} + more, _("Check the spelling, or leave it out."))
        )


def unknown_values(rules: Sequence[Rule]) -> dict[str, list[str]]:
    """What rules name that is not there: "team", "group" or "person" → keys, in the rules' order.

    1 query for each of the three that is named.
    """
    missing: dict[str, list[str]] = {}
    for kind, names in _named(rules).items():
        known = _known(kind, names)
        unknown = [name for name in names if name not in known]
        if unknown:
            missing[kind] = unknown
    return missing


def _named(rules: Sequence[Rule]) -> dict[str, list[str]]:
    named: dict[str, dict[str, None]] = defaultdict(dict)
    for rule in rules:
        for condition in conditions(rule):
            if condition.field.builtin and condition.field.name in _KIND and condition.op in _NAMING_OPERATORS:
                values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
                named[_KIND[condition.field.name]].update(dict.fromkeys(str(value) for value in values))
    return {kind: list(names) for kind, names in named.items()}


def _known(kind: str, names: list[str]) -> frozenset[str]:
    if kind == "team":
        return frozenset(Team.objects.filter(key__in=names).values_list("key", flat=True))
    if kind == "group":
        return frozenset(Group.objects.filter(name__in=names).values_list("name", flat=True))
    return frozenset(User.objects.filter(username__in=names).values_list("username", flat=True))
