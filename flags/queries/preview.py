"""What a rule would take in, before it is used: in words, in number, by example."""

from dataclasses import dataclass

from flags.engine import Rule, conditions
from flags.policies import ShownCount, shown_count
from flags.queries.audiences import rule_sentence
from flags.queries.members import Member, count_members, sample_members
from people.models import AttributeDefinition, User

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """A rule in words, how many people it takes in as far as the reader may know, and a few of them."""

    sentence: str
    count: ShownCount
    sample: tuple[Member, ...]


def preview(user: User, rule: Rule) -> Preview:
    """What `user` may see of the rule's audience.

    Names are given as examples only where the exact count is shown, so they tell nothing that the count does not.

    7 queries at most (sentence 3, sensitive attributes, the user's capabilities, count, sample), and 2 for each regular
    expression.
    """
    count = shown_count(user, count_members(rule), sensitive=asks_sensitive(rule))
    sample = tuple(sample_members(rule, SAMPLE)) if count.exact and count.number else ()
    return Preview(rule_sentence(rule), count, sample)


def asks_sensitive(rule: Rule) -> bool:
    """Whether the rule asks about a sensitive attribute. 1 query when it asks about any attribute, else none."""
    named = {condition.field.name for condition in conditions(rule) if not condition.field.builtin}
    return bool(named) and AttributeDefinition.objects.filter(key__in=named, sensitive=True).exists()
