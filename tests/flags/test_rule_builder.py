"""The rule builder: rows to rules and back, and errors that say what to do."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoAssertNumQueries

from flags.engine import Context, Rule, matches, parse_rule, rule_to_json
from flags.forms import RuleBuilder
from flags.queries import contexts_for
from people.models import Team, User
from tests.flags.rules import SCHEMA, TODAY, make_population, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[int, Context]:
    make_population()
    return contexts_for(User.objects.values_list("pk", flat=True), TODAY)


def row(place: int, attribute: str = "", op: str = "is", value: str = "", part: str = "when") -> dict[str, str]:
    start = f"audience-{part}-{place}"
    return {f"{start}-attribute": attribute, f"{start}-op": op, f"{start}-value": value}


def post(*rows: dict[str, str], who: str = "rule", **more: str) -> dict[str, str]:
    data = {"audience-who": who, "audience-match": "all", "audience-people": ""}
    for one in (*rows, *(row(0) for _ in range(0 if rows else 1))):
        data |= one
    return data | {f"audience-{name}": value for name, value in more.items()}


def typed(builder: RuleBuilder) -> dict[str, str]:
    """What a browser posts when somebody opens the builder and presses Save."""
    data = {}
    for form in (builder.who, *builder.when, *builder.unless):
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else str(value)
    return data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (post(who="everyone"), {"all": []}),
        (
            post(row(0, "region", "is", "EMEA")),
            {"all": [{"attribute": "region", "op": "is", "value": "EMEA"}]},
        ),
        (
            post(row(0, "region", "is", 'EMEA, "a, b"'), row(1), row(2, "tenure_days", "gte", "7"), match="any"),
            {
                "any": [
                    {"attribute": "region", "op": "in", "value": ["EMEA", "a, b"]},
                    {"attribute": "tenure_days", "op": "gte", "value": 7},
                ]
            },
        ),
        (post(row(0, "team", "is", "support")), {"all": [{"attribute": "team", "op": "is", "value": "support"}]}),
        (post(row(0, "team", "is", "Refunds")), {"all": [{"attribute": "team", "op": "is", "value": "refunds"}]}),
        (post(row(0, "skills", "is", "chat")), {"all": [{"attribute": "skills", "op": "has", "value": "chat"}]}),
        (post(row(0, "certified", "is", "Yes")), {"all": [{"attribute": "certified", "op": "is", "value": True}]}),
        (
            post(row(0, "last-audit", "gt", "2026-01-31")),
            {"all": [{"attribute": "last-audit", "op": "after", "value": "2026-01-31"}]},
        ),
        (
            post(row(0, "tenure_days", "between", "7 to 30.5")),
            {"all": [{"attribute": "tenure_days", "op": "between", "value": [7, 30.5]}]},
        ),
        (post(row(0, "region", "is_set")), {"all": [{"attribute": "region", "op": "is_set"}]}),
        (post(people="@p1, p2\np1"), {"attribute": "person", "op": "in", "value": ["p1", "p2"]}),
        (
            post(row(0, "region", "is", "EMEA"), row(0, "team", "is", "sales", part="unless"), people="p1"),
            {
                "all": [
                    {
                        "any": [
                            {"all": [{"attribute": "region", "op": "is", "value": "EMEA"}]},
                            {"attribute": "person", "op": "in", "value": ["p1"]},
                        ]
                    },
                    {"none": [{"attribute": "team", "op": "is", "value": "sales"}]},
                ]
            },
        ),
        (
            post(row(0, "group", "is", "Night shift", part="unless"), who="everyone"),
            {"all": [{"none": [{"attribute": "group", "op": "has", "value": "Night shift"}]}]},
        ),
    ],
)
def test_rows_make_a_rule(people: dict[int, Context], data: dict[str, str], expected: dict[str, Any]) -> None:
    builder = RuleBuilder(data)
    assert builder.is_valid(), builder.errors
    assert rule_to_json(builder.to_rule()) == expected


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (post(), "", "Nobody is chosen."),
        (post(who=""), "id_audience-who_0", "This field is required."),
        (post(row(0, "", "is", "EMEA")), "id_audience-when-0-attribute", "Choose an attribute"),
        (post(row(0, "region", "is", "")), "id_audience-when-0-value", "Give a value"),
        (post(row(0, "region", "is", " , ,")), "id_audience-when-0-value", "only commas"),
        (post(row(0, "region", "is", 'a "b, c')), "id_audience-when-0-value", ""),
        (post(row(0, "region", "is", '"b, c')), "id_audience-when-0-value", "not closed"),
        (post(row(0, "region", "gte", "EMEA")), "id_audience-when-0-op", "compared by: is, is not, contains"),
        (post(row(0, "tenure_days", "gte", "a week")), "id_audience-when-0-value", "Give a number"),
        (post(row(0, "tenure_days", "between", "7")), "id_audience-when-0-value", "takes two values"),
        (post(row(0, "certified", "is", "perhaps")), "id_audience-when-0-value", "true or false"),
        (post(row(0, "region", "matches", "(")), "id_audience-when-0-value", "RE2"),
        (post(row(0, "region", "is_set", "EMEA")), "id_audience-when-0-value", "not used here"),
        (post(row(0, "salary", "is", "1")), "id_audience-when-0-attribute", "Select a valid choice"),
        (post(row(0, "team", "is", "refundz")), "", "no team with the key “refundz”"),
        (post(people="nobody-here, p1, nor-here"), "", "“nobody-here”. The same goes for 1 more."),
        (post(row(0, "region", "is", "EMEA"), who="everyone"), "", "You chose everyone"),
    ],
)
def test_errors_stand_at_their_field(people: dict[int, Context], data: dict[str, str], place: str, said: str) -> None:
    builder = RuleBuilder(data)
    if not said:
        assert builder.is_valid()  # a quotation mark inside a value is just that
        return
    assert not builder.is_valid()
    assert said in " ".join(builder.errors[place])
    html = strip_tags(render_to_string("flags/rule_builder.html", {"builder": builder}))
    assert said.split("“", maxsplit=1)[0].strip() in html
    with pytest.raises(ValueError, match="no valid rule"):
        builder.to_rule()


def test_more_rows_keeps_what_was_typed_and_saves_nothing(people: dict[int, Context]) -> None:
    data = post(row(0, "region", "is", "EMEA"), row(1), row(0, part="unless")) | {"audience-when-more": "1"}
    builder = RuleBuilder(data)
    assert builder.wants_more
    assert not builder.is_valid()
    assert (len(builder.when), len(builder.unless)) == (4, 1)
    assert not builder.errors
    html = render_to_string("flags/rule_builder.html", {"builder": builder})
    assert 'value="EMEA"' in html
    assert "audience-when-3-value" in html


def test_a_rule_that_rows_cannot_express_is_kept_unless_replaced(people: dict[int, Context]) -> None:
    rule = parse_rule({"any": [{"all": [{"region": "EMEA"}, {"team": "sales"}]}, {"region": "a'b"}]}, SCHEMA)
    fresh = RuleBuilder(rule=rule)
    assert "As it is: People" in render_to_string("flags/rule_builder.html", {"builder": fresh})
    kept = RuleBuilder(typed(fresh), rule=rule)
    assert kept.is_valid()
    assert kept.to_rule() == rule
    replaced = RuleBuilder(post(who="everyone"), rule=rule)
    assert replaced.is_valid()
    assert rule_to_json(replaced.to_rule()) == {"all": []}
    both = RuleBuilder(post(row(0, "region", "is", "EMEA"), who="keep"), rule=rule)
    assert not both.is_valid()
    assert "Choose one of the two" in " ".join(both.errors[""])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=rules(max_leaves=4))
def test_opening_and_saving_changes_nobody(people: dict[int, Context], data: dict[str, Any]) -> None:
    rule = parse_rule(data, SCHEMA)
    builder = RuleBuilder(typed(RuleBuilder(rule=rule)), rule=rule)
    assert builder.is_valid(), builder.errors
    again: Rule = builder.to_rule()
    assert [key for key, one in people.items() if matches(again, one)] == [
        key for key, one in people.items() if matches(rule, one)
    ]


def test_queries_do_not_grow_with_rows(
    people: dict[int, Context], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = ([row(place, "team", "is", "sales") for place in range(number)] for number in (1, 20))
    for rows_ in (few, many):
        with django_assert_num_queries(6):
            assert RuleBuilder(post(*rows_)).is_valid()


def test_labels_and_names_are_escaped() -> None:
    Team.objects.create(key="x", name="<b>Bold</b>")
    html = render_to_string("flags/rule_builder.html", {"builder": RuleBuilder()})
    assert "<b>Bold" not in html
    assert "&lt;b&gt;Bold" in html
