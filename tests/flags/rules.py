"""Random rules and a population full of odd values, for the property tests of the targeting engine."""

import itertools
from datetime import date, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from hypothesis import strategies as st

from flags.engine import Kind, Schema
from flags.engine.rules import OPERATORS
from people.models import AttributeDefinition, Team, User

TODAY = date(2026, 11, 23)
ATTRIBUTES = {
    "badge": Kind.TEXT,
    "score": Kind.NUMBER,
    "certified": Kind.BOOLEAN,
    "last-audit": Kind.DATE,
    "client": Kind.VERSION,
    "skills": Kind.LIST,
}
SCHEMA = Schema(ATTRIBUTES)

TEXTS = [
    "EMEA",
    "emea",
    "é",
    "e\u0301",
    "ß",
    "SS",
    "İ",
    "a'b",
    'a"b',
    "100%",
    "%s",
    "a\\b",
    "a\nb",
    " ",
    "😀",
    "x" * 400,
]
NUMBERS = [0, -0.0, 1, 1.5, -2, 7, 0.1, 0.30000000000000004, 2**53 + 1, 1e15, 1e299, 1e-299, -1e299]
DATES = ["2026-11-23", "2026-02-28", "2026-03-01", "2025-12-31", "0001-01-01", "9999-12-31"]
VERSIONS = ["1", "1.0", "1.0.0", "1.10", "1.9", "01.2", "2.0.1", "0", "0.0", "999999999.1", "1.2.3.4.5.6.7.8.9.10"]
TEAMS = ["company", "support", "refunds", "escalations", "sales"]
GROUPS = ["Night shift", "Pilot 'A'", "Pilot 100%"]
POOLS: dict[Kind, list[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DATES,
    Kind.BOOLEAN: [True, False],
    Kind.VERSION: VERSIONS,
    Kind.LIST: TEXTS,
    Kind.TEAM: TEAMS,
}
PATTERNS = ["^E", "(?i)emea", "%", "\\\\", ".*", "^$", "é", "\\s", "[a-z]+$", "x{100}", "\\pL"]
WRONG: list[Any] = [
    None,
    "",
    [],
    {},
    {"a": 1},
    [[]],
    [None, 1, "EMEA"],
    "1",
    "2026-02-30",
    "2026-13-01",
    "2026-11-23\n",
    "2026-11-23T10:00",
    "1.2\n",
    "1..2",
    "v1",
    "١.٢",
    "1." * 12 + "1",
    "9999999999",
    1,
    0,
    True,
    False,
    "true",
]


def _pool(name: str, kind: Kind) -> list[Any]:
    known = {"person": [f"p{number}" for number in range(6)], "team_only": TEAMS, "group": GROUPS}
    if name == "tenure_days":
        return [-3, 0, 1, 7, 7.5, 365]
    return known.get(name, POOLS[kind])


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    """A condition on any field with any operator and a value that somebody may have."""
    name = draw(st.sampled_from(SCHEMA.names()))
    field = SCHEMA.get(name)
    assert field is not None
    op = draw(st.sampled_from(OPERATORS[field.kind]))
    value = st.sampled_from(_pool(name, field.kind))
    data = {"attribute": name, "op": op}
    if op in ("is_set", "is_not_set"):
        return data
    if op == "matches":
        return data | {"value": draw(st.sampled_from(PATTERNS))}
    if op in ("in", "not_in"):
        return data | {"value": draw(st.lists(value, min_size=1, max_size=4))}
    if op == "between":
        return data | {"value": sorted(draw(st.tuples(value, value)), key=_order(field.kind))}
    return data | {"value": draw(value)}


def _order(kind: Kind) -> Any:
    return (lambda text: [int(part) for part in text.split(".")]) if kind is Kind.VERSION else None


def rules(max_leaves: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """Rule JSON: nested joins of conditions, empty joins too."""
    return st.recursive(
        conditions(),
        lambda inner: st.builds(
            lambda word, parts: {word: parts}, st.sampled_from(["all", "any", "none"]), st.lists(inner, max_size=3)
        ),
        max_leaves=max_leaves,
    )


def make_population() -> None:
    """Teams three deep, groups, and 150 people with every odd value at least once; the same each time."""
    for key, kind in ATTRIBUTES.items():
        AttributeDefinition.objects.create(key=key, label=key, type=kind.value)
    company = Team.objects.create(key="company", name="Company")
    support = Team.objects.create(key="support", name="Support", parent=company)
    teams = [
        None,
        company,
        support,
        Team.objects.create(key="refunds", name="Refunds", parent=support),
        Team.objects.create(key="escalations", name="Escalations", parent=support),
        Team.objects.create(key="sales", name="Sales", parent=company),
    ]
    groups = [Group.objects.create(name=name) for name in GROUPS]
    dice = Random(20261123)
    supply = {key: itertools.cycle(_values(kind, dice)) for key, kind in ATTRIBUTES.items()}
    people = [
        User(
            username=f"p{number}",
            team=dice.choice(teams),
            job_role=dice.choice(["", *TEXTS[:8]]),
            region=dice.choice(["", "EMEA", "emea", "é", "a'b", "100%"]),
            locale=dice.choice(["", "en-GB", "EMEA"]),
            start_date=dice.choice([None, *(TODAY - timedelta(days=days) for days in (-3, 0, 1, 7, 8, 365))]),
            attributes={key: next(values) for key, values in supply.items() if dice.random() < 0.9},
            is_active=dice.random() < 0.95,
        )
        for number in range(150)
    ]
    User.objects.bulk_create(people)
    for person in people:
        person.groups.set(dice.sample(groups, dice.randint(0, 2)))
    _store_what_python_would_not()


def _values(kind: Kind, dice: Random) -> list[Any]:
    good: list[Any] = [[a, b] for a, b in itertools.pairwise(TEXTS)] if kind is Kind.LIST else list(POOLS[kind])
    values = [*good, *WRONG, *good]
    dice.shuffle(values)
    return values


def _store_what_python_would_not() -> None:
    """Attributes that only another program would write: huge and tiny numbers, and no object at all."""
    odd = [
        '{"score": 1e400}',
        '{"score": -1e400}',
        '{"score": 1e-400}',
        '{"score": 1.00000000000000000001}',
        '{"badge": 1e5}',
        "[1]",
        '"badge"',
        "null",
    ]
    with connection.cursor() as cursor:
        for number, text in enumerate(odd):
            cursor.execute("UPDATE people_user SET attributes = %s::jsonb WHERE username = %s", [text, f"p{number}"])
