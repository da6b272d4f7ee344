"""The targeting engine: rules, buckets, decisions. Pure Python; imports no Django and does no I/O.

It must be right and fast, so it is small: a rule is parsed once (:mod:`.rules`), then either asked about one person
(:mod:`.match`) or turned into SQL over all of them (:mod:`.sql`). Both give the same answer; a property test says so.
"""

from flags.engine.bucketing import BUCKETS, FULL, bucket, bucket_sql, in_percentage, in_percentage_sql
from flags.engine.context import Context
from flags.engine.decide import Decision, FlagSpec, Reason, decide, decide_sql
from flags.engine.fields import Field, Kind, Schema
from flags.engine.match import matches
from flags.engine.parse import parse_rule
from flags.engine.rules import (
    EVERYONE,
    NOBODY,
    AllOf,
    AnyOf,
    Condition,
    NoneOf,
    Rule,
    RuleError,
    conditions,
    rule_to_json,
)
from flags.engine.sentence import Wording, sentence
from flags.engine.sql import to_sql

__all__ = [
    "BUCKETS",
    "EVERYONE",
    "FULL",
    "NOBODY",
    "AllOf",
    "AnyOf",
    "Condition",
    "Context",
    "Decision",
    "Field",
    "FlagSpec",
    "Kind",
    "NoneOf",
    "Reason",
    "Rule",
    "RuleError",
    "Schema",
    "Wording",
    "bucket",
    "bucket_sql",
    "conditions",
    "decide",
    "decide_sql",
    "in_percentage",
    "in_percentage_sql",
    "matches",
    "parse_rule",
    "rule_to_json",
    "sentence",
    "to_sql",
]
