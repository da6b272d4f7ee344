"""Rules in words."""

import pytest

from flags.engine import Kind, Schema, Wording, parse_rule, sentence

SCHEMA = Schema({"score": Kind.NUMBER, "last_audit": Kind.DATE, "skills": Kind.LIST, "certified": Kind.BOOLEAN})
NAMES = {"refunds": "Refunds", "escalations": "Escalations", "amara": "Amara Obi"}
WORDING = Wording(
    name=lambda _field, value: NAMES.get(value, value), label=lambda name: {"last_audit": "last audit"}.get(name, name)
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"all": []}, "Everyone"),
        ({"any": []}, "Nobody"),
        (
            {
                "all": [
                    {"team": ["refunds", "escalations"]},
                    {"region": "EMEA"},
                    {"attribute": "tenure_days", "op": "gte", "value": 7},
                ]
            },
            "People on Refunds or Escalations, in EMEA, who started at least 7 days ago",
        ),
        ({"attribute": "tenure_days", "op": "lt", "value": 1}, "People who started less than 1 day ago"),
        ({"any": [{"team": "refunds"}, {"region": "EMEA"}]}, "People on Refunds or in EMEA"),
        ({"person": ["amara", "ben"]}, "By name: Amara Obi or ben"),
        (
            {"any": [{"all": [{"team": "refunds"}]}, {"person": ["amara"]}]},
            "People on Refunds; and by name Amara Obi",
        ),
        ({"all": [{"none": [{"team": "refunds"}]}]}, "Everyone, except those on Refunds"),
        (
            {
                "all": [
                    {"region": "EMEA"},
                    {"any": [{"team": "refunds"}, {"attribute": "score", "op": "gt", "value": 3}]},
                ]
            },
            "People in EMEA, either on Refunds or whose score is more than 3",
        ),
        (
            {"attribute": "last_audit", "op": "between", "value": ["2026-01-01", "2026-02-01"]},
            "People whose last audit is from 2026-01-01 to 2026-02-01",
        ),
        ({"attribute": "skills", "op": "in", "value": ["chat", "phone"]}, "People whose skills includes chat or phone"),
        ({"attribute": "certified", "op": "is", "value": True}, "People whose certified is yes"),
        ({"attribute": "region", "op": "is_not_set"}, "People whose region is not known"),
        ({"person": list("abcdefg")}, "By name: a, b, c, d or 3 more"),
    ],
)
def test_sentence(data: object, expected: str) -> None:
    assert sentence(parse_rule(data, SCHEMA), WORDING) == expected


def test_the_caller_translates() -> None:
    german = {"Everyone": "Alle"}
    assert sentence(parse_rule({"all": []}, SCHEMA), Wording(gettext=lambda text: german.get(text, text))) == "Alle"
