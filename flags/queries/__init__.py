"""What may be asked about audiences and flags. Each function states its query count."""

from flags.queries.audiences import audience_sentence, rule_sentence
from flags.queries.epoch import EPOCH_COLUMNS, Epoch, current_epoch
from flags.queries.flags import flag_members_sql, flag_specs
from flags.queries.members import Member, count_members, distinct_values, member_ids, members_sql, sample_members
from flags.queries.people import context_for, contexts_for, schema
from flags.queries.preview import Preview, preview
from flags.queries.rules import InvalidRuleError, check_named, read_rule, read_rules, unknown_values

__all__ = [
    "EPOCH_COLUMNS",
    "Epoch",
    "InvalidRuleError",
    "Member",
    "Preview",
    "audience_sentence",
    "check_named",
    "context_for",
    "contexts_for",
    "count_members",
    "current_epoch",
    "distinct_values",
    "flag_members_sql",
    "flag_specs",
    "member_ids",
    "members_sql",
    "preview",
    "read_rule",
    "read_rules",
    "rule_sentence",
    "sample_members",
    "schema",
    "unknown_values",
]
