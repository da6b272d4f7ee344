"""The predicate, operator by operator, and what a value that is not there means."""

from datetime import date
from typing import Any

import pytest

from flags.engine import EVERYONE, NOBODY, Context, Kind, Schema, matches, parse_rule
from flags.engine.rules import OPERATORS

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
AMARA = Context(
    person_id=1,
    username="amara",
    unit="00000000-0000-4000-8000-000000000001",
    today=date(2026, 11, 23),
    team_keys=("refunds", "support", "company"),
    job_role="Support agent",
    region="EMEA",
    locale="en-GB",
    start_date=date(2026, 11, 16),
    groups=frozenset({"Learners", "SMEs"}),
    attributes={
        "badge": "Gold-7",
        "score": 4.5,
        "certified": True,
        "last_audit": "2026-03-01",
        "client": "2.10",
        "skills": ["chat", "phone"],
    },
)


def holds(data: object, person: Context = AMARA) -> bool:
    return matches(parse_rule(data, SCHEMA), person)


@pytest.mark.parametrize(
    ("attribute", "op", "value", "expected"),
    [
        ("team", "is", "support", True),
        ("team", "is", "billing", False),
        ("team", "not_in", ["billing", "sales"], True),
        ("team", "not_in", ["billing", "company"], False),
        ("team_only", "is", "refunds", True),
        ("team_only", "is", "support", False),
        ("person", "in", ["amara", "ben"], True),
        ("region", "is", "emea", False),
        ("region", "is_not", "APAC", True),
        ("job_role", "contains", "agent", True),
        ("job_role", "starts_with", "Support", True),
        ("job_role", "ends_with", "Support", False),
        ("job_role", "matches", "^Support (agent|lead)$", True),
        ("job_role", "matches", "^agent", False),
        ("tenure_days", "gte", 7, True),
        ("tenure_days", "gt", 7, False),
        ("tenure_days", "between", [0, 7], True),
        ("group", "has", "SMEs", True),
        ("group", "in", ["Leads", "SMEs"], True),
        ("group", "has", "Leads", False),
        ("badge", "ends_with", "7", True),
        ("score", "is", 4.5, True),
        ("score", "in", [4, 5], False),
        ("score", "between", [4.5, 4.5], True),
        ("certified", "is", True, True),
        ("certified", "is_not", True, False),
        ("last_audit", "before", "2026-03-02", True),
        ("last_audit", "after", "2026-03-01", False),
        ("last_audit", "gte", "2026-03-01", True),
        ("client", "gt", "2.9", True),
        ("client", "is", "2.10.0", True),
        ("client", "lt", "2.10.1", True),
        ("skills", "has", "chat", True),
        ("skills", "in", ["email", "phone"], True),
        ("skills", "has", "email", False),
    ],
)
def test_operators(attribute: str, op: str, value: object, expected: bool) -> None:
    assert holds({"attribute": attribute, "op": op, "value": value}) is expected


VALUES: dict[Kind, Any] = {
    Kind.TEXT: "x",
    Kind.NUMBER: 1,
    Kind.DATE: "2026-01-01",
    Kind.BOOLEAN: True,
    Kind.VERSION: "1",
    Kind.LIST: "x",
    Kind.TEAM: "x",
}
STRANGER = Context(person_id=2, username="", unit=None, today=date(2026, 11, 23))


@pytest.mark.parametrize("name", SCHEMA.names())
@pytest.mark.parametrize("wrong", [None, "", [], {}, {"a": 1}, 10**400, "not 1 of it"])
def test_every_operator_but_is_not_set_is_false_on_a_value_that_is_not_there(name: str, wrong: object) -> None:
    field = SCHEMA.get(name)
    assert field is not None
    if wrong == "not 1 of it" and field.kind is Kind.TEXT:
        return  # that is a text
    person = STRANGER if field.builtin else Context(2, "", None, date(2026, 11, 23), attributes={name: wrong})
    for op in OPERATORS[field.kind]:
        value: Any = VALUES[field.kind]
        if op in ("in", "not_in"):
            value = [value]
        elif op == "between":
            value = [value, value]
        condition = {"attribute": name, "op": op} | ({} if op in ("is_set", "is_not_set") else {"value": value})
        assert holds(condition, person) is (op == "is_not_set"), op


def test_none_is_the_plain_complement_where_is_not_needs_a_value() -> None:
    nowhere = Context(3, "cai", None, date(2026, 11, 23))
    assert not holds({"attribute": "region", "op": "is_not", "value": "EMEA"}, nowhere)
    assert holds({"none": [{"region": "EMEA"}]}, nowhere)


def test_joins() -> None:
    yes, no = {"region": "EMEA"}, {"region": "APAC"}
    assert holds({"all": [yes, yes]})
    assert not holds({"all": [yes, no]})
    assert holds({"any": [no, yes]})
    assert not holds({"any": [no, no]})
    assert holds({"none": [no, no]})
    assert not holds({"none": [no, yes]})
    assert holds({"none": []})
    assert matches(EVERYONE, AMARA)
    assert not matches(NOBODY, AMARA)


def test_a_deactivated_person_matches_nothing() -> None:
    gone = Context(1, "amara", "u", date(2026, 11, 23), region="EMEA", active=False)
    assert not matches(EVERYONE, gone)
    assert not holds({"none": [{"region": "APAC"}]}, gone)


def test_a_pattern_that_would_stall_a_backtracking_engine_does_not() -> None:
    long = Context(1, "a", None, date(2026, 11, 23), job_role="a" * 120)
    assert not holds({"attribute": "job_role", "op": "matches", "value": "^(a+)+$b"}, long)
