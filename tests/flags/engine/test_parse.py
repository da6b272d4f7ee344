"""Reading rules: what is accepted, and that an error says where, what and what next."""

import pytest

from flags.engine import (
    AllOf,
    AnyOf,
    Condition,
    Kind,
    NoneOf,
    RuleError,
    Schema,
    parse_rule,
    rule_to_json,
)
from flags.engine.fields import BUILTINS, Field

SCHEMA = Schema(
    {
        "badge": Kind.TEXT,
        "score": Kind.NUMBER,
        "certified": Kind.BOOLEAN,
        "last_audit": Kind.DATE,
        "client": Kind.VERSION,
        "skills": Kind.LIST,
    }
)


def test_joins_conditions_and_short_forms() -> None:
    rule = parse_rule(
        {
            "all": [
                {"team": "refunds"},
                {"region": ["EMEA", "APAC", "EMEA"]},
                {"group": "SMEs"},
                {"none": [{"attribute": "score", "op": "lt", "value": 3}]},
                {"any": []},
            ]
        },
        SCHEMA,
    )
    assert rule == AllOf(
        (
            Condition(BUILTINS["team"], "is", "refunds"),
            Condition(BUILTINS["region"], "in", ("EMEA", "APAC")),
            Condition(BUILTINS["group"], "has", "SMEs"),
            NoneOf((Condition(Field("score", Kind.NUMBER), "lt", 3),)),
            AnyOf(),
        )
    )
    assert parse_rule(rule_to_json(rule), SCHEMA) == rule


@pytest.mark.parametrize(
    ("data", "path", "said"),
    [
        ("everyone", "rule", "is an object"),
        ([], "rule", "a list"),
        ({}, "rule", "exactly one key"),
        ({"all": [], "any": []}, "rule", "exactly one key"),
        ({"and": []}, "rule.and", "not a part of a rule"),
        ({"regoin": "EMEA"}, "rule.regoin", "Did you mean “region”?"),
        ({"all": {}}, "rule.all", "takes a list"),
        (
            {"all": [{"any": [{"attribute": "scor", "op": "is", "value": 1}]}]},
            "rule.all[0].any[0].attribute",
            "“score”",
        ),
        ({"attribute": 7, "op": "is", "value": 1}, "rule.attribute", "name is a text"),
        ({"attribute": "score", "value": 1}, "rule.op", "no “op”"),
        ({"attribute": "score", "op": "contains", "value": 1}, "rule.op", "use is, is_not"),
        ({"attribute": "score", "op": "is", "value": "1"}, "rule.value", "Give a number"),
        ({"attribute": "score", "op": "is", "value": True}, "rule.value", "compared with true"),
        ({"attribute": "score", "op": "is", "value": 1e301}, "rule.value", "Give a number"),
        ({"attribute": "score", "op": "is", "value": 1, "vlaue": 2}, "rule.vlaue", "A condition has no"),
        ({"attribute": "score", "op": "in", "value": 3}, "rule.value", "at least one value"),
        ({"attribute": "score", "op": "in", "value": [3, "x"]}, "rule.value[1]", "compared with “x”"),
        ({"attribute": "score", "op": "between", "value": [3]}, "rule.value", "takes two values"),
        ({"attribute": "score", "op": "between", "value": [4, 3]}, "rule.value", "smaller value first"),
        ({"attribute": "score", "op": "is_set", "value": 3}, "rule.value", "takes no value"),
        ({"attribute": "certified", "op": "is", "value": 1}, "rule.value", "true or false"),
        ({"attribute": "last_audit", "op": "before", "value": "2026-02-30"}, "rule.value", "day of the calendar"),
        ({"attribute": "last_audit", "op": "before", "value": "30/02/2026"}, "rule.value", "Give a date"),
        ({"attribute": "client", "op": "lt", "value": "v2"}, "rule.value", "Give a version"),
        ({"attribute": "region", "op": "matches", "value": "(?=x)"}, "rule.value", "RE2"),
        ({"attribute": "region", "op": "matches", "value": "("}, "rule.value", "pattern cannot be read"),
        ({"region": ""}, "rule.region", "an empty text"),
        ({"region": None}, "rule.region", "Give a text"),
        ({"region": []}, "rule.region", "at least one value"),
        ({"region": "a\x00b"}, "rule.region", "cannot be stored"),
        ({"region": "\ud800"}, "rule.region", "cannot be stored"),
        ({"region": "x" * 501}, "rule.region", "501 characters"),
    ],
)
def test_an_error_says_where_what_and_what_next(data: object, path: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(data, SCHEMA)
    assert caught.value.path == path
    assert said in str(caught.value)
    assert caught.value.fix.endswith((".", "?"))


def test_a_rule_nests_ten_deep_and_no_deeper() -> None:
    data: dict[str, object] = {"region": "EMEA"}
    for _ in range(9):
        data = {"all": [data]}
    parse_rule(data, SCHEMA)
    with pytest.raises(RuleError, match="10 deep"):
        parse_rule({"all": [data]}, SCHEMA)


def test_a_rule_has_500_parts_and_no_more() -> None:
    parse_rule({"any": [{"region": "EMEA"}] * 499}, SCHEMA)
    with pytest.raises(RuleError, match="500 parts"):
        parse_rule({"any": [{"region": "EMEA"}] * 500}, SCHEMA)


def test_a_list_has_2000_values_and_no_more() -> None:
    parse_rule({"person": [f"p{number}" for number in range(2000)]}, SCHEMA)
    with pytest.raises(RuleError, match="2001 values"):
        parse_rule({"person": [f"p{number}" for number in range(2001)]}, SCHEMA)


def test_a_built_in_name_wins_over_an_attribute_of_the_same_name() -> None:
    assert Schema({"region": Kind.NUMBER}).get("region") == BUILTINS["region"]
