"""Diff and change class."""

import re

import pytest
from hypothesis import given, settings

from assets.content import Meta, classify, diff, parse, rendered_diff, source_diff
from tests.assets.content.texts import EVERY_TYPE, GUIDE, HEAD, sources


def between(old: str, new: str, source: str = GUIDE) -> tuple[str, set[str]]:
    """The class of replacing `old` by `new` in the guide, and the codes of its reasons."""
    assert old in source
    found = classify(diff(parse(source), parse(source.replace(old, new, 1))))
    return found.kind, {reason.code for reason in found.reasons}


@given(sources())
@settings(max_examples=60, deadline=None)
def test_a_document_does_not_differ_from_itself(source: str) -> None:
    document = parse(source, strict=False)
    found = diff(document, document)
    assert found.changes == ()
    assert classify(found).kind == "editorial"
    assert all(row.kind == "same" for row in source_diff(source, source))


def test_blocks_are_aligned() -> None:
    new = GUIDE.replace("in the panel", "on the panel").replace("The customer gets", "New one.\n\nThe customer gets")
    found = diff(parse(GUIDE), parse(new))
    assert [(change.state, change.block.kind) for change in found.blocks] == [
        ("changed", "paragraph"),
        ("same", "heading"),
        ("same", "steps"),
        ("same", "check"),
        ("added", "paragraph"),
        ("same", "paragraph"),
    ]
    assert (found.words_added, found.words_removed) == (3, 1)


def test_fields_checks_and_outcomes() -> None:
    new = GUIDE.replace("title: Issue", "title: Give").replace("issue-partial]", "limit]").replace("£50 —", "£60 —")
    found = diff(parse(GUIDE), parse(new))
    assert [(change.field) for change in found.meta] == ["title", "outcomes"]
    assert found.outcomes_added == ("refunds.limit",)
    assert found.outcomes_removed == ("refunds.issue-partial",)
    assert [(change.key, [field.field for field in change.fields]) for change in found.checks] == [
        ("partial-limit", ["choices"])
    ]


def test_line_endings_and_blank_lines_are_no_change() -> None:
    assert diff(parse(GUIDE), parse(GUIDE.replace("\n", "\r\n"))).changes == ()
    assert diff(parse(GUIDE), parse(GUIDE.replace("\n\n", "\n\n\n"))).changes == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Open the order", "Please open the order"),
        ("**Refund**", "*Refund*"),
        ("Too low: that was the limit until 2025.", "Too low."),
        ("alone?", "alone? "),
        ("- [ ] Any amount", "- [ ] *Any amount*"),
        ("title: Issue", "title: Give"),
        ("a message within a minute", "one mail within a minute"),
    ],
)
def test_editorial(old: str, new: str) -> None:
    assert between(old, new) == ("editorial", set())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("at most £200", "at most £250", "number"),
        ("within a minute", "within ten minutes", "number"),
        ("1. Tick the line", "1. Choose the line", "step"),
        ("2. Write the amount, at most £200.\n", "", "step"),
        ("- [ ] £50", "- [ ] £60", "check.choices"),
        ("- [ ] £50 — Too low: that was the limit until 2025.\n- [x]", "- [x] £50\n- [ ]", "check.answer"),
        ("What is the highest", "What is the lowest", "check.prompt"),
        ("check single", "check multiple", "check.type"),
        ("check single partial-limit", "check single partial-limit outcome=a.b", "check.outcome"),
        ("check single partial-limit", "check single other", "check.added"),
        ("refunds.issue-partial", "refunds.limit", "outcome"),
        ("title:", "kind: checklist\ntitle:", "kind"),
        ("title:", "items: [a]\ntitle:", "items"),
        ("The customer gets", "Only 3 days.\n\nThe customer gets", "number"),
    ],
)
def test_material(old: str, new: str, code: str) -> None:
    kind, codes = between(old, new)
    assert kind == "material"
    assert code in codes


def test_steps_in_another_order_are_material() -> None:
    moved = "1. Tick the line to refund.\n2. Choose the reason and send.\n3. Write the amount, at most £200.\n"
    old = "1. Tick the line to refund.\n2. Write the amount, at most £200.\n3. Choose the reason and send.\n"
    assert between(old, moved)[1] == {"step"}


def test_touched_outcomes() -> None:
    changed = GUIDE.replace("partial-limit\n", "partial-limit outcome=a.b\n").replace("£50 —", "£60 —")
    found = classify(diff(parse(GUIDE), parse(changed)))
    assert found.touched_checks == ("partial-limit",)
    assert found.touched_outcomes == ("refunds.issue-partial", "a.b")
    numeric = HEAD + EVERY_TYPE
    assert between("£200 ± 5", "£200±5", numeric) == ("editorial", set())
    assert between("£200 ± 5", "£200 ± 6", numeric) == ("material", {"check.answer"})


def test_rendered_rows_mark_words_and_never_tags() -> None:
    new = GUIDE.replace("choose **Refund**", "choose **Give back** now").replace("£50 — Too low", "£55 — Much too low")
    found = diff(parse(GUIDE), parse(new))
    rows = rendered_diff(found, reveal=True)
    assert rows[0].state == "changed"
    assert rows[0].html == (
        "<p>Open the order and choose <strong><del>Refund</del><ins>Give back</ins></strong><ins> now</ins>"
        " in the panel.</p>\n"
    )
    check = next(row for row in rows if row.kind == "check")
    assert "<ins>55</ins>" in check.html
    assert "<b>Right:</b> £200" in check.html
    for row in rows:
        assert not re.search(r"<[^>]*<(ins|del)", row.html)


def test_rendered_rows_hide_answers_unless_asked() -> None:
    old = parse(HEAD + EVERY_TYPE)
    new = parse(HEAD + EVERY_TYPE.replace("Too low", "low").replace("How much?", "How many?"))
    html = "".join(row.html for row in rendered_diff(diff(old, new)))
    for secret in ("Right:", "A zero", "refund panel", "pounds", "Look up", "not C", "Good."):
        assert secret not in html


def test_source_rows() -> None:
    rows = source_diff("a\nb c\nd\n", "a\nb x\nd\ne\n")
    assert [(row.old_line, row.new_line, row.kind) for row in rows] == [
        (1, 1, "same"), (2, None, "removed"), (None, 2, "added"), (3, 3, "same"), (None, 4, "added"),
    ]  # fmt: skip
    assert (rows[1].html, rows[2].html) == ("b <del>c</del>", "b <ins>x</ins>")
    assert "<b>" not in source_diff("<b>", "<i>")[0].html


def test_a_repetitive_text_does_not_stall() -> None:
    old = HEAD + "::: check ordering k\nq\n" + "1. a\n" * 500 + ":::\n"
    found = diff(parse(old), parse(old.replace("1. a", "1. b")))
    assert len(rendered_diff(found, reveal=True)) == 1


def test_built_documents_compare() -> None:
    meta = Meta(key="a", title="b")
    one = parse(GUIDE).build(meta=meta, body="x\n")
    assert diff(one, one.with_body("y\n")).blocks[0].state == "changed"
