"""Invariant 3: the rule as a predicate and as SQL always agree; and so do buckets and whole decisions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flags.engine import (
    FULL,
    Context,
    FlagSpec,
    bucket,
    bucket_sql,
    decide,
    matches,
    parse_rule,
    rule_to_json,
    sentence,
)
from flags.engine.rules import OPERATORS
from flags.engine.whole import matches_whole
from flags.queries import contexts_for, flag_members_sql, member_ids, schema
from people.models import User
from tests.flags.rules import SCHEMA, TODAY, make_population, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[int, Context]:
    """The population as the engine sees it."""
    make_population()
    return contexts_for(User.objects.values_list("pk", flat=True), TODAY)


# one population serves all examples of a test: rules only read
many = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def agree(people: dict[int, Context], data: object) -> set[int]:
    rule = parse_rule(data, SCHEMA)
    expected = {person_id for person_id, context in people.items() if matches(rule, context)}
    found = member_ids(rule, today=TODAY)
    assert set(found) == expected, sentence(rule)
    return expected


@many
@given(data=rules())
@example(data={"none": [{"attribute": "score", "op": "is_not", "value": 1}]})
@example(data={"attribute": "region", "op": "matches", "value": ".*"})
def test_predicate_and_sql_agree(people: dict[int, Context], data: dict[str, Any]) -> None:
    agree(people, data)


def test_they_agree_on_each_operator_and_the_population_tells_them_apart(people: dict[int, Context]) -> None:
    values: dict[str, Any] = {
        "person": "p1",
        "team": "support",
        "team_only": "refunds",
        "job_role": "EMEA",
        "region": "EMEA",
        "locale": "en-GB",
        "tenure_days": 7,
        "group": "Night shift",
        "badge": "EMEA",
        "score": 1,
        "certified": True,
        "last-audit": "2026-02-28",
        "client": "1.9",
        "skills": "EMEA",
    }
    dull = set()
    for name in SCHEMA.names():
        field = SCHEMA.get(name)
        assert field is not None
        for op in OPERATORS[field.kind]:
            value = values[name]
            value = [value] if op in ("in", "not_in") else [value, value] if op == "between" else value
            data = {"attribute": name, "op": op} | ({} if op in ("is_set", "is_not_set") else {"value": value})
            if len(agree(people, data)) in (0, sum(context.active for context in people.values())):
                dull.add((name, op))
    assert dull == {("person", "is_set"), ("person", "is_not_set")}


def test_schema_is_read_from_the_declared_attributes(people: dict[int, Context]) -> None:
    assert schema() == SCHEMA


@settings(max_examples=300, deadline=None)
@given(data=rules())
def test_json_round_trip_and_a_sentence_for_every_rule(data: dict[str, Any]) -> None:
    rule = parse_rule(data, SCHEMA)
    assert parse_rule(rule_to_json(rule), SCHEMA) == rule
    assert sentence(rule)
    assert "%(" not in sentence(rule)


def test_buckets_agree(people: dict[int, Context]) -> None:
    sql, params = bucket_sql("0123456789abcdef" * 2, "gate")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT u.id, {sql} FROM people_user u", params)
        found = dict(cursor.fetchall())
    expected = {key: bucket("0123456789abcdef" * 2, "gate", str(context.unit)) for key, context in people.items()}
    assert found == expected


@pytest.mark.parametrize("text", ["é", "😀", "", "a\x1fb", "%s", "'"])
def test_buckets_agree_on_any_text(text: str) -> None:
    sql, params = bucket_sql("salt%", "ga'te", "%s::text")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [*params, text])
        assert cursor.fetchone() == (bucket("salt%", "ga'te", text),)


@many
@given(data=rules(max_leaves=3), hundredths=st.integers(0, FULL), kill=st.booleans())
def test_decisions_agree(people: dict[int, Context], data: dict[str, Any], hundredths: int, kill: bool) -> None:
    flag = FlagSpec("f", "a" * 32, parse_rule(data, SCHEMA), hundredths, kill)
    sql, params = flag_members_sql(flag, today=TODAY)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = {row[0] for row in cursor.fetchall()}
    expected = {person_id for person_id, context in people.items() if decide(flag, context).on}
    assert found == expected
    wider = replace(flag, hundredths=min(FULL, hundredths + 500))
    assert expected <= {person_id for person_id, context in people.items() if decide(wider, context).on}


@many
@given(
    data=rules(), template=st.integers(0, 40), names=st.sets(st.sampled_from(["region", "locale", "job_role", "team"]))
)
def test_what_takes_in_a_whole_context_takes_in_everyone_in_it(
    people: dict[int, Context], data: dict[str, Any], template: int, names: set[str]
) -> None:
    contexts = [context for context in people.values() if context.active]
    known = {name: contexts[template].value(name) for name in names if contexts[template].value(name)}
    rule = parse_rule(data, SCHEMA)
    if not matches_whole(rule, known):
        return
    team = (known.get("team") or ("",))[0]
    for context in contexts:
        in_team = not team or team in context.team_keys
        if in_team and all(context.value(name) == value for name, value in known.items() if name != "team"):
            assert matches(rule, context)


def test_tenure_moves_with_the_day(people: dict[int, Context]) -> None:
    rule = parse_rule({"attribute": "tenure_days", "op": "is", "value": 7}, SCHEMA)
    tomorrow = TODAY + timedelta(days=1)
    moved = {key for key, context in people.items() if matches(rule, replace(context, today=tomorrow))}
    assert set(member_ids(rule, today=tomorrow)) == moved != set(member_ids(rule, today=TODAY))
