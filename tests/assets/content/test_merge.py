"""Three-way merge: disjoint edits merge, overlapping ones conflict, nothing is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.content import Document, MergeResult, merge, parse, resolve
from assets.content.merge_body import body_units, check_units
from tests.assets.content.texts import EVERY_TYPE, GUIDE, HEAD, body_of, sources

FULL = GUIDE + "\n" + EVERY_TYPE


def three(ours: str, theirs: str, base: str = GUIDE) -> MergeResult:
    """Merge two edited sources."""
    return merge(parse(base), parse(ours, strict=False), parse(theirs, strict=False))


def edit(*changes: tuple[str, str], base: str = GUIDE) -> str:
    """`base` with each first text replaced by the second."""
    for old, new in changes:
        assert old in base, old
        base = base.replace(old, new, 1)
    return base


def merged(*sides: list[tuple[str, str]], base: str = GUIDE) -> str:
    """The source that merging the two sides gives; it must merge, the other way round as well."""
    ours, theirs = (edit(*side, base=base) for side in sides)
    one, two = three(ours, theirs, base), three(theirs, ours, base)
    assert one.conflicts == two.conflicts == ()
    assert one.document
    assert two.document
    assert one.document.body == two.document.body
    assert set(one.document.meta.outcomes) == set(two.document.meta.outcomes)
    return one.document.source


@given(sources(), sources())
@settings(max_examples=120, deadline=None)
def test_one_side_alone_wins_byte_for_byte(one: str, two: str) -> None:
    base, other = parse(one, strict=False), parse(two, strict=False)
    for ours, theirs in ((base, other), (other, base), (other, other)):
        assert merge(base, ours, theirs) == MergeResult(other, ())


@given(sources())
@settings(max_examples=150, deadline=None)
def test_units_are_the_whole_body(source: str) -> None:
    document = parse(source, strict=False)
    units, tail = body_units(document)
    assert "".join(unit.lead + unit.text for unit in units) + tail == document.body
    for unit in units:
        if unit.key:
            assert "".join(part.lead + part.text for part in check_units(unit.text, unit.key)) == unit.text


PARAGRAPHS = [f"Paragraph {name} has words like {name}x {name}y {name}z in it." for name in "abcdefgh"]


@st.composite
def block_edits(draw: st.DrawFn, blocks: list[int]) -> dict[int, str]:
    """Replacements, deletions and insertions for some blocks: index → new text of the block."""
    chosen = draw(st.lists(st.sampled_from(blocks), unique=True, min_size=1))
    word = draw(st.from_regex(r"new[0-9]{3}", fullmatch=True))
    kinds = st.sampled_from(["change", "delete", "insert"])
    made = {index: draw(kinds) for index in chosen}
    texts = {"change": lambda i: PARAGRAPHS[i].replace("words", word), "delete": lambda _: ""}
    return {i: f"{PARAGRAPHS[i]}\n\n{word} inserted {i}" if k == "insert" else texts[k](i) for i, k in made.items()}


def apply(edits: dict[int, str]) -> str:
    """The source with these blocks replaced."""
    return HEAD + body_of([text for i, old in enumerate(PARAGRAPHS) if (text := edits.get(i, old))])


@given(block_edits([0, 2, 4]), block_edits([6, 7]))
@settings(max_examples=100, deadline=None)
def test_disjoint_block_edits_merge_and_hold_both(ours: dict[int, str], theirs: dict[int, str]) -> None:
    base = parse(apply({}))
    expected = apply(ours | theirs)
    one = merge(base, parse(apply(ours)), parse(apply(theirs)))
    two = merge(base, parse(apply(theirs)), parse(apply(ours)))
    assert one.conflicts == two.conflicts == ()
    assert one.document
    assert one.document.source.strip() == expected.strip()
    assert two.document == one.document


@given(st.integers(0, 19), st.integers(0, 19), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_word_edits_merge_when_apart_and_conflict_when_they_overlap(i: int, j: int, m: int, n: int) -> None:
    words = [f"w{number}" for number in range(20)]
    mine = [*words[:i], f"ours{i}", *words[i + m :]]
    yours = [*words[:j], f"theirs{j}", *words[j + n :]]
    result = three(HEAD + " ".join(mine), HEAD + " ".join(yours), HEAD + " ".join(words))
    apart = i + m < j or j + n < i
    if apart:
        assert result.document
        assert {f"ours{i}", f"theirs{j}"} <= set(result.document.body.split())
        assert len(result.document.body.split()) == 20 - (len(words[i : i + m]) - 1) - (len(words[j : j + n]) - 1)
    else:
        assert result.document is None
        assert f"ours{i}" in result.conflicts[0].ours
        assert f"theirs{j}" in result.conflicts[0].theirs


def test_words_of_one_paragraph() -> None:
    assert "Close the order and choose **Refund** in the tool." in merged(
        [("Open the", "Close the")], [("the panel", "the tool")]
    )


def test_renumbered_steps() -> None:
    source = merged(
        [("2. Write", "2. Look at it.\n3. Write"), ("3. Choose", "4. Choose")],
        [("Choose the reason and send", "Choose the reason and close")],
    )
    assert "2. Look at it.\n3. Write the amount, at most £200.\n4. Choose the reason and close.\n" in source


def test_parts_of_a_check() -> None:
    source = merged(
        [("Too low:", "Too little:"), ("the highest", "the greatest")],
        [
            ("- [ ] Any amount", "- [ ] None — Up to £200.\n- [ ] Any amount"),
            ("right: It counts", "right: Yes. It counts"),
        ],
    )
    assert "Too little:" in source
    assert "greatest" in source
    assert "- [ ] None — Up to £200.\n" in source
    assert "right: Yes. It counts per order." in source


def test_two_right_answers_are_a_conflict_of_the_check() -> None:
    ours = edit(("- [x] £200", "- [ ] £200"), ("- [ ] £50", "- [x] £50"))
    theirs = edit(("- [x] £200", "- [ ] £200"), ("- [ ] Any", "- [x] Any"))
    result = three(ours, theirs)
    assert [conflict.where for conflict in result.conflicts] == ["check partial-limit"]
    assert result.conflicts[0].options == ("ours", "theirs")
    with pytest.raises(ValueError, match="Both cannot"):
        resolve(parse(GUIDE), parse(ours), parse(theirs), {result.conflicts[0].id: "both"})
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {result.conflicts[0].id: "theirs"})
    assert done.document == parse(theirs)


def test_every_type_of_check_merges_part_by_part() -> None:
    base = HEAD + EVERY_TYPE
    source = merged(
        [
            ("Which?", "Which one?"),
            ("2. Write", "2. Say"),
            ("- card => bank", "- cash => bank"),
            ("[[lead]]", "[[manager]]"),
        ],
        [("C -- not C", "C -- never"), ("3. Send", "3. Send it"), ("=> nothing", "=> nobody"), ("Up to", "Below")],
        base=base,
    )
    for text in (
        "Which one?",
        "C -- never",
        "2. Say",
        "3. Send it",
        "cash => bank",
        "=> nobody",
        "Below [[£200",
        "[[manager]]",
    ):
        assert text in source


def test_the_same_edit_on_both_sides_merges() -> None:
    both = [("Open the", "Close the"), ("title: Issue", "title: Give")]
    assert merged(both, [*both, ("a minute", "an hour")]) == edit(*both, ("a minute", "an hour"))


def test_front_matter_merges_by_field() -> None:
    source = merged(
        [("key:", "summary: Short\nkey:"), ("[refunds.issue-partial]", "[refunds.issue-partial, a.b]")],
        [("title:", "# why\ntitle:"), ("[refunds.issue-partial]", "[c.d]")],
    )
    meta = parse(source).meta
    assert meta.summary == "Short"
    assert meta.outcomes == ("a.b", "c.d")
    assert "# why\ntitle: Issue a partial refund\n" in source


def test_a_field_that_both_changed_is_a_conflict() -> None:
    ours, theirs = edit(("title: Issue", "title: Give")), edit(("title: Issue", "title: Make"))
    result = three(ours, theirs)
    (conflict,) = result.conflicts
    assert (conflict.where, conflict.ours, conflict.theirs) == (
        "title",
        "Give a partial refund",
        "Make a partial refund",
    )
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: 'Say: "yes"'})
    assert done.document
    assert done.document.meta.title == 'Say: "yes"'
    assert resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "ours"}).document == parse(ours)


def test_pathway_items_merge_as_a_sequence() -> None:
    base = HEAD.replace("---\n", "---\nitems: [a, b, c, d, e]\n", 1)
    source = merged([("[a, b", "[x, a, b")], [("c, d, e", "c, d@2, e")], base=base)
    assert [str(item) for item in parse(source).meta.items] == ["x", "a", "b", "c", "d@2", "e"]
    assert three(edit(("b, c", "b, x, c"), base=base), edit(("b, c", "b, y, c"), base=base), base).conflicts


def test_deleted_here_and_changed_there_is_a_conflict() -> None:
    last = "The customer gets a message within a minute of that.\n"
    result = three(edit((last, "")), edit(("a minute", "an hour")))
    (conflict,) = result.conflicts
    assert conflict.ours == ""
    assert "an hour" in conflict.theirs


def test_a_choice_deleted_here_and_changed_there() -> None:
    ours = edit(("- [ ] £50 — Too low: that was the limit until 2025.\n", ""))
    theirs = edit(("Too low:", "Far too low:"))
    (conflict,) = three(ours, theirs).conflicts
    assert conflict.where == "check partial-limit"
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "ours"})
    assert done.document == parse(ours)
    assert resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "theirs"}).document == parse(theirs)


def test_trailing_spaces_stay() -> None:
    base = HEAD + "1. a \n2. b  \n\n::: check single k \nq \n\n- [x] a  \n- [ ] b \n::: \n\nEnd here now. \n"
    assert merged([("q ", "r ")], [("End", "The end")], base=base) == edit(("q ", "r "), ("End", "The end"), base=base)


def test_both_add_at_one_place() -> None:
    ours, theirs = GUIDE + "\nOurs.\n", GUIDE + "\nTheirs.\n"
    (conflict,) = three(ours, theirs).conflicts
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "both"})
    assert done.document == parse(GUIDE + "\nOurs.\n\nTheirs.\n")


def test_the_same_new_key_at_two_places_is_shown_and_not_guessed() -> None:
    block = "::: check short new\nQ {}?\n- [x] a\n:::\n\n"
    ours = edit(("Open the", block.format("one") + "Open the"))
    theirs = edit(("The customer", block.format("two") + "The customer"))
    result = three(ours, theirs)
    assert result.document is None
    (conflict,) = result.conflicts
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "theirs"})
    assert done.document == parse(theirs)


def test_a_conflict_keeps_the_other_edits_of_its_block() -> None:
    ours = edit(("Open the order", "Close the order"), ("the panel", "our panel"))
    theirs = edit(("Open the order", "Find the order"))
    (conflict,) = three(ours, theirs).conflicts
    assert conflict.theirs == "Find the order and choose **Refund** in our panel."
    done = resolve(parse(GUIDE), parse(ours), parse(theirs), {conflict.id: "My own words."})
    assert done.document
    assert done.document.body.startswith("My own words.\n\n## Refund")


def test_an_unknown_decision_is_refused() -> None:
    with pytest.raises(ValueError, match="Merge again"):
        resolve(parse(GUIDE), parse(GUIDE), parse(GUIDE), {"0123456789": "ours"})


def test_broken_front_matter_is_one_conflict() -> None:
    ours, theirs = edit(("title: Issue", "title: [")), edit(("title: Issue", "title: Make"))
    (conflict,) = three(ours, theirs).conflicts
    assert conflict.where == "front matter"


EDITS = [
    ("Open the", "Close the"),
    ("in the panel", "on a screen"),
    ("## Refund one line", "## Give back one line"),
    ("1. Tick", "1. Choose"),
    ("3. Choose the reason and send.\n", ""),
    ("2. Write", "2. Breathe.\n2. Write"),
    ("Too low:", "Low:"),
    ("- [ ] Any amount — Above £200 a lead must approve.\n", ""),
    ("the highest", "the largest"),
    ("The customer gets", "Wait.\n\nThe customer gets"),
    ("a minute", "an hour"),
    ("title: Issue", "title: Give"),
    ("key:", "tags: [x]\nkey:"),
]


@given(st.sets(st.sampled_from(range(len(EDITS)))), st.sets(st.sampled_from(range(len(EDITS)))))
@settings(max_examples=100, deadline=None)
def test_any_edits_merge_or_conflict_and_no_word_is_lost(one: set[int], two: set[int]) -> None:
    def side(chosen: set[int]) -> Document:
        return parse(edit(*(EDITS[i] for i in sorted(chosen))))

    ours, theirs = side(one), side(two)
    result = merge(parse(GUIDE), ours, theirs)
    said = result.document.source if result.document else " ".join(c.ours + c.theirs for c in result.conflicts)
    for number in one | two:
        new = set(re.findall(r"\w+", EDITS[number][1])) - set(re.findall(r"\w+", GUIDE))
        assert result.document is None or new <= set(re.findall(r"\w+", said))
    if result.conflicts:
        assert resolve(parse(GUIDE), ours, theirs, {c.id: "ours" for c in result.conflicts}).document
    assert bool(merge(parse(GUIDE), theirs, ours).conflicts) is bool(result.conflicts)
