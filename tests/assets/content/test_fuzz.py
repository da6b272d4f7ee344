"""Whatever people type, nothing of the core breaks: drafts are broken most of the time."""

from hypothesis import given, settings

from assets.content import (
    classify,
    diff,
    match_newlines,
    merge,
    parse,
    redact,
    rendered_diff,
    resolve,
    restore,
    source_diff,
)
from tests.assets.content.texts import sources


@given(sources(), sources())
@settings(max_examples=100, deadline=None)
def test_any_two_texts_can_be_compared(one: str, two: str) -> None:
    found = diff(parse(one, strict=False), parse(two, strict=False))
    assert classify(found).kind in {"editorial", "material"}
    assert len(rendered_diff(found)) == len(rendered_diff(found, reveal=True)) == len(found.blocks)
    shown = [row.text for row in source_diff(one, two) if row.kind != "removed"]
    assert "\n".join(shown) == match_newlines(two, "\n").removesuffix("\n")


@given(sources(), sources(), sources())
@settings(max_examples=120, deadline=None)
def test_any_three_texts_merge_or_conflict(one: str, two: str, three: str) -> None:
    base, ours, theirs = (parse(source, strict=False) for source in (one, two, three))
    result = merge(base, ours, theirs)
    assert (result.document is None) is bool(result.conflicts)
    assert len({conflict.id for conflict in result.conflicts}) == len(result.conflicts)
    for side in ("ours", "theirs", "Words."):
        decided = resolve(base, ours, theirs, {conflict.id: side for conflict in result.conflicts})
        assert decided.document or not result.conflicts or decided.conflicts
        if not any(conflict.where == "body" for conflict in decided.conflicts):
            assert decided.document


@given(sources())
@settings(max_examples=100, deadline=None)
def test_any_text_is_redacted(source: str) -> None:
    document = parse(source, strict=False)
    restored = parse(restore(redact(document), document), strict=False)
    assert {check.key for check in document.checks} <= {check.key for check in restored.checks}
    if not document.problems:
        assert [check.full() | {"first_line": 0, "last_line": 0} for check in restored.checks] == [
            check.full() | {"first_line": 0, "last_line": 0} for check in document.checks
        ]
