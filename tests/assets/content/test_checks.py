"""Checks: lint, the public form, grading, storage."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.content import Check, ResponseError, grade, parse
from tests.assets.content.texts import EVERY_TYPE, HEAD

CHECKS = {check.key: check for check in parse(HEAD + EVERY_TYPE).checks}


def one(block: str) -> Check:
    """The check of one block."""
    return parse(f"{HEAD}::: check {block}\n:::\n").checks[0]


def ids(check: Check) -> list[str]:
    """The ids of its choices, as written."""
    return [choice.id for choice in check.choices]


@pytest.mark.parametrize("key", CHECKS)
def test_full_comes_back_through_json(key: str) -> None:
    check = CHECKS[key]
    again = Check.from_dict(json.loads(json.dumps(check.full())))
    assert again == check
    assert again.first_line == check.first_line


def test_parts_of_a_check() -> None:
    check = CHECKS["one"]
    assert (check.prompt, check.points, check.outcome) == ("Which?", 2, "refunds.other")
    assert (check.right, check.wrong) == ("Good.", "Look\nagain.")
    assert [(c.text, c.right, c.feedback) for c in check.choices] == [("A", False, "no"), ("B", True, "yes")]
    assert check.choices[0].line == 8
    assert CHECKS["steps"].choices[1].text == "Write\nthe amount"
    assert CHECKS["limit"].prompt == "Up to [[1]] you decide; above it a [[2]] does."


def test_feedback_is_split_outside_code_only() -> None:
    check = one("single k\nq\n- [ ] `git checkout -- f` — undoes\n- [x] a-b — c — d\n- [ ] e\n  — f")
    assert [(c.text, c.feedback) for c in check.choices] == [
        ("`git checkout -- f`", "undoes"),
        ("a-b", "c — d"),
        ("e", "f"),
    ]


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("single k\n- [x] a\n- [ ] b", "check.empty-prompt"),
        ("single k\nq\n- [ ] a\n- [ ] b", "check.no-answer"),
        ("single k\nq\n- [x] a\n- [x] b", "check.two-answers"),
        ("single k\nq\n- [x] a", "check.few-choices"),
        ("single k\nq\n- [x] a\n- [ ] A ", "check.duplicate-choice"),
        ("single k\nq\n- [x] a\n- [ ]", "check.empty-choice"),
        ("single k\nq", "check.few-choices"),
        ("multiple k\nq\n- [ ] a\n- [ ] b", "check.no-answer"),
        ("true-false k\nq\n- [x] a\n- [ ] b\n- [ ] c", "check.few-choices"),
        ("numeric k\nq\n- [x] many", "check.number"),
        ("numeric k\nq\n- [x] 9..1", "check.tolerance"),
        ("numeric k\nq\n- [x] 5 ± -1", "check.tolerance"),
        ("numeric k\nq\n- [x] 1..9\n- [ ] 5", "check.contradiction"),
        ("numeric k\nq\n- [ ] 5", "check.no-answer"),
        ("short k\nq\n- [x] /(/", "check.pattern"),
        ("short k\nq\n- [x] /(?=a)b/", "check.pattern"),
        ("short k\nq\n- [x] /a*/", "check.pattern"),
        ("short k\nq\n- [ ] a", "check.no-answer"),
        ("ordering k\nq\n1. a", "check.few-choices"),
        ("ordering k\nq\n1. a\n2. a", "check.duplicate-choice"),
        ("matching k\nq\n- a => b", "check.few-choices"),
        ("matching k\nq\n- a => b\n- a => c", "check.duplicate-choice"),
        ("matching k\nq\n- a => b\n- c =>", "check.empty-choice"),
        ("cloze k\nq", "check.no-answer"),
        ("cloze k\nq [[|]]", "check.empty-choice"),
    ],
)
def test_a_check_that_cannot_be_answered_parses_and_says_why(block: str, code: str) -> None:
    problems = one(block).problems()
    assert code in [problem.code for problem in problems]
    assert all(problem.line >= 6 and problem.fix for problem in problems)


@pytest.mark.parametrize("key", CHECKS)
def test_the_public_form_holds_no_answer(key: str) -> None:
    check = CHECKS[key]
    shown = json.dumps(check.public("seed"), ensure_ascii=False)
    secrets = [choice.feedback for choice in check.choices] + [check.right, check.wrong]
    secrets += [choice.text for choice in check.choices if check.type in {"numeric", "short"}]
    secrets += [answer for gap in check.gaps for answer in gap.answers]
    # "lead" and "200" stand in no other place of the fixture.
    assert not [secret for secret in secrets if secret and secret not in check.prompt and f'"{secret}"' in shown]
    assert not any(word in shown for word in ('right"', "feedback", 'wrong"'))


@pytest.mark.parametrize("key", ["steps", "money"])
def test_the_order_shown_depends_on_the_seed_alone(key: str) -> None:
    orders = {json.dumps(CHECKS[key].public(str(seed))) for seed in range(30)}
    assert len(orders) > 1
    assert CHECKS[key].public("a") == CHECKS[key].public("a")


def test_choice_ids_do_not_depend_on_the_place() -> None:
    first, second = one("single k\nq\n- [x] a\n- [ ] b"), one("single k\nother\n- [ ] b — x\n- [x] a")
    assert set(ids(first)) == set(ids(second))


def answer(key: str, response: Mapping[str, Any]) -> tuple[bool, float]:
    """Right, and the score."""
    result = grade(CHECKS[key], response)
    return result.right, round(result.score, 3)


def test_grading_of_choices() -> None:
    a, b = ids(CHECKS["one"])
    assert grade(CHECKS["one"], {"choice": b}).message == "Good."
    wrong = grade(CHECKS["one"], {"choice": a})
    assert (wrong.right, wrong.score, wrong.choice_feedback, wrong.message) == (False, 0.0, {a: "no"}, "Look\nagain.")
    x, y, z = ids(CHECKS["many"])
    assert answer("many", {"choices": [y, x]}) == (True, 1.0)
    assert answer("many", {"choices": [x]}) == (False, 0.5)
    assert answer("many", {"choices": [x, y, z]}) == (False, 0.5)
    assert grade(CHECKS["many"], {"choices": [x, z]}).choice_feedback == {z: "not C"}
    assert answer("sky", {"choice": ids(CHECKS["sky"])[0]}) == (True, 1.0)


@pytest.mark.parametrize("given_", ["200", "£200", "200 £", " 195,0 ", "205.00", "2e2", "+200", 200, 204.5])
def test_numbers_that_are_right(given_: object) -> None:
    assert answer("amount", {"number": given_}) == (True, 1.0)


@pytest.mark.parametrize("given_", ["205.01", "194,99", "−200", "200 kg", "2000", "20"])
def test_numbers_that_are_wrong(given_: str) -> None:
    assert answer("amount", {"number": given_}) == (False, 0.0)


@pytest.mark.parametrize(
    ("spec", "given_", "right"),
    [
        ("1,500", "1500", True),
        ("1500", "1.500", True),
        ("1500", "1 500", True),
        ("1500", "1.500,00", True),
        ("1500", "1,500.00", True),
        ("1.5", "1,5", True),
        ("1.5", "15", False),
        ("0.1 ± 0.2", "0.3", True),
        ("0.1 ± 0.2", "0.3000001", False),
        ("100 ± 10%", "110", True),
        ("100 ± 10%", "111", False),
        ("-4", "−4", True),
        ("150..250 kg", "200 KG", True),
        ("150..250 kg", "251", False),
        ("50 %", "50%", True),
        ("1.5 ± 0.1 kg", "1.6kg", True),
        ("£10..£20", "15", True),
        ("5 +- 1", "6", True),
    ],
)
def test_number_specifications(spec: str, given_: str, right: bool) -> None:
    check = one(f"numeric k\nq\n- [x] {spec}")
    assert check.problems() == ()
    assert grade(check, {"number": given_}).right is right


def test_an_expected_wrong_number_has_its_feedback() -> None:
    result = grade(CHECKS["amount"], {"number": "20"})
    assert list(result.choice_feedback.values()) == ["A zero is missing."]


@pytest.mark.parametrize(
    ("text", "right"), [(" Refund  PANEL", True), ("refunds TAB", True), ("inbox", False), ("x", False)]
)
def test_short_answers(text: str, right: bool) -> None:
    assert grade(CHECKS["panel"], {"text": text}).right is right


def test_grading_of_arrangements() -> None:
    order = ids(CHECKS["steps"])
    assert answer("steps", {"order": order}) == (True, 1.0)
    assert answer("steps", {"order": [order[1], order[0], order[2]]}) == (False, 0.667)
    pairs = [pair for pair in CHECKS["money"].pairs if pair.left]
    right = {pair.left_id: pair.right_id for pair in pairs}
    assert answer("money", {"pairs": right}) == (True, 1.0)
    assert answer("money", {"pairs": right | {pairs[0].left_id: pairs[1].right_id}}) == (False, 0.5)
    assert answer("limit", {"gaps": ["200 POUNDS", "lead"]}) == (True, 1.0)
    assert answer("limit", {"gaps": ["200 pounds", ""]}) == (False, 0.5)


@pytest.mark.parametrize(
    ("key", "response"),
    [
        ("one", {}),
        ("one", {"choice": ""}),
        ("one", {"choice": "ffffffff"}),
        ("one", {"choice": ["a"]}),
        ("many", {"choices": []}),
        ("many", {"choices": "abc"}),
        ("many", {"choices": [1]}),
        ("amount", {"number": "many"}),
        ("amount", {"number": True}),
        ("amount", {"number": "9" * 5000}),
        ("panel", {"text": "  "}),
        ("panel", {"text": "x" * 5000}),
        ("steps", {"order": ["a"]}),
        ("money", {"pairs": {}}),
        ("money", {"pairs": []}),
        ("limit", {"gaps": ["a"]}),
        ("limit", {"gaps": ["", " "]}),
    ],
)
def test_a_response_that_is_none_gets_a_sentence(key: str, response: Mapping[str, Any]) -> None:
    with pytest.raises(ResponseError, match=r"\.$"):
        grade(CHECKS[key], response)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(ids(CHECKS["many"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.sampled_from(sorted(CHECKS)),
    st.sampled_from(["choice", "choices", "number", "text", "order", "pairs", "gaps"]),
    JSON,
)
@settings(max_examples=200, deadline=None)
def test_no_response_breaks_grading(key: str, name: str, value: object) -> None:
    try:
        result = grade(CHECKS[key], {name: value})
    except ResponseError:
        return
    assert 0 <= result.score <= 1
    assert result.right is (result.score == 1)
