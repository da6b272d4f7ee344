"""Parse and serialise: the text is the truth."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.content import ContentError, Document, Item, Meta, decode, encode, match_newlines, parse, serialise
from assets.content.scan import scan
from assets.content.text import split_lines
from tests.assets.content.texts import EVERY_TYPE, GUIDE, HEAD, NEWLINES, sources


@given(sources())
@settings(max_examples=150, deadline=None)
def test_serialise_gives_back_every_byte(source: str) -> None:
    document = parse(source, strict=False)
    assert serialise(document) == source
    assert decode(encode(source)) == source
    assert parse(serialise(document), strict=False) == document
    assert document.front.text + document.body == source


@given(sources())
@settings(max_examples=150, deadline=None)
def test_blocks_cover_the_body_in_order(source: str) -> None:
    document = parse(source, strict=False)
    lines = document.lines
    at = document.body_line
    for block in document.blocks:
        assert block.first >= at
        assert block.first <= block.last
        between = lines[at - document.body_line : block.first - document.body_line]
        assert all(not line.strip() or line.startswith(":::") for line in between)
        at = block.last + 1


PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    lambda text: " ".join(text.split())
)
KEYS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}", fullmatch=True)


@given(
    title=PLAIN.filter(bool),
    summary=PLAIN,
    licence=PLAIN,
    outcomes=st.lists(KEYS, unique=True, max_size=4),
    tags=st.lists(PLAIN.filter(bool), unique=True, max_size=4),
    review_by=st.one_of(st.none(), st.dates()),
    items=st.lists(st.builds(Item, KEYS, st.one_of(st.none(), st.integers(1, 99))), unique=True, max_size=4),
    extra=st.dictionaries(
        st.from_regex(r"x_[a-z]{1,5}", fullmatch=True), st.one_of(PLAIN, st.integers(0, 9), st.booleans())
    ),
    body=st.text(max_size=80).filter(lambda text: "\x00" not in text),
)
@settings(max_examples=150, deadline=None)
def test_what_is_built_comes_back(  # noqa: PLR0917 -- hypothesis gives them by name
    title: str,
    summary: str,
    licence: str,
    outcomes: list[str],
    tags: list[str],
    review_by: date | None,
    items: list[Item],
    extra: dict[str, object],
    body: str,
) -> None:
    meta = Meta(
        key="a/b",
        title=title,
        summary=summary,
        licence=licence,
        outcomes=tuple(outcomes),
        tags=tuple(tags),
        review_by=review_by,
        items=tuple(items),
        kind="pathway",
        extra=extra,  # type: ignore[arg-type]
    )
    built = Document.build(meta=meta, body=body)
    assert built.front.problems == ()
    assert (built.meta, built.body) == (meta, body)
    assert parse(serialise(built), strict=False) == built
    assert Document.build(meta=Meta(key="a", title="b"), body=body).with_meta(
        **{
            name: getattr(meta, name)
            for name in ("key", "title", "summary", "outcomes", "tags", "review_by", "items", "extra")
        }
    ).meta == Meta(**{**{f: getattr(meta, f) for f in meta.__slots__}, "licence": "", "kind": "guide"})


def test_fields_are_typed() -> None:
    document = parse(
        "---\nkey: a/b\ntitle: 2026\nkind: pathway\nlocale: no\nreview_by: 2027-05-01\n"
        "items: [a/b, c/d@3]\ntags:\n- one\n- two\noutcomes: x.y\nowner: [1, true]\n---\n"
    )
    assert document.meta.title == "2026"
    assert document.meta.locale == "no"
    assert document.meta.review_by == date(2027, 5, 1)
    assert document.meta.items == (Item("a/b"), Item("c/d", 3))
    assert document.meta.tags == ("one", "two")
    assert document.meta.outcomes == ("x.y",)
    assert document.meta.extra == {"owner": [1, True]}
    assert document.body_line == 14
    assert document.line_of("items") == 7


def test_with_meta_leaves_every_other_byte() -> None:
    source = (
        "---\r\n# head\r\nkey: a/b # c1\r\ntitle: \"Hi: x\"\r\noutcomes: [a.b, 'c.d'] # o\r\ntags:\r\n  - x  # tx\r\n"
        "  - y - z\r\nfoo: {a: 1}\r\nlocale: no\r\nsummary:\r\n---\r\nbody"
    )
    document = parse(source).with_meta(
        title='New "t"',
        outcomes=("c.d", "e.f"),
        tags=("y - z", "x", "new: y"),
        summary="S, [x]",
        locale="",
        licence="MIT",
    )
    assert document.source == (
        '---\r\n# head\r\nkey: a/b # c1\r\ntitle: "New \\"t\\""\r\noutcomes: [\'c.d\', e.f] # o\r\ntags:\r\n'
        "  - y - z\r\n"
        '  - x  # tx\r\n  - "new: y"\r\nfoo: {a: 1}\r\nsummary: "S, [x]"\r\nlicence: MIT\r\n---\r\nbody'
    )
    assert parse(source).with_meta(title="Hi: x").source == source


def test_with_body_keeps_the_front_matter() -> None:
    assert parse(GUIDE).with_body("New.\n").source == HEAD + "New.\n"
    assert parse("---\nkey: a\ntitle: b\n---").with_body("x").source == "---\nkey: a\ntitle: b\n---\nx"


def test_a_text_without_front_matter_gets_one() -> None:
    document = parse("Only words.\n", strict=False)
    assert [problem.code for problem in document.problems] == ["front.missing"]
    assert document.with_meta(key="a", title="b").source == "---\nkey: a\ntitle: b\nkind: guide\n---\nOnly words.\n"


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("---\nkey: x\ntitle: a: b\n---\n", "front.syntax", 3),
        ("---\nkey: x\ntags: [a,\ntitle: t\n---\n", "front.syntax", 4),
        ("---\nkey: x\nkey: y\ntitle: t\n---\n", "front.repeated", 3),
        ("---\nkey: &a x\ntitle: t\n---\n", "front.anchor", 2),
        ("---\nkey: !!str x\ntitle: t\n---\n", "front.tag", 2),
        ("---\nkey: x\ntitle: t\nz: " + "[" * 5000 + "\n---\n", "front.deep", 4),
        ("---\nkey: X y\ntitle: t\n---\n", "front.key", 2),
        ("---\nkey: x\n---\n", "front.title", 1),
        ("---\nkey: x\ntitle: t\nkind: poem\n---\n", "front.kind", 4),
        ("---\nkey: x\ntitle: t\nreview_by: 2027-13-01\n---\n", "front.review_by", 4),
        ("---\nkey: x\ntitle: t\noutcomes: [a, a]\n---\n", "front.outcomes", 4),
        ("---\n- a\n---\n", "front.shape", 2),
        (HEAD + "::: check single k\nq\n", "check.unclosed", 6),
        (HEAD + "::: check poem k\n:::\n", "check.type", 6),
        (HEAD + "::: check single K!\n:::\n", "check.key", 6),
        (HEAD + "::: check single k points=0\nq\n:::\n", "check.attribute", 6),
        (HEAD + "::: check single k\nq\n- [x] a\n\nlater\n:::\n", "check.loose-text", 10),
        (HEAD + "::: check matching k\nq\n- a => b\n- c\n:::\n", "check.pair", 9),
        (HEAD + "::: note\n::: check single k\nq\n:::\n:::\n", "check.nested", 7),
        (HEAD + "::: note\nx\n", "note.unclosed", 6),
        (HEAD + "x\n:::\n", "note.stray", 7),
        (HEAD + "x\x00", "text.character", 6),
        (HEAD + "x" * 1_100_000, "text.too-large", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(source: str, code: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        parse(source)
    assert (code, line) in [(problem.code, problem.line) for problem in caught.value.problems]
    assert all(problem.message and problem.fix for problem in caught.value.problems)


def test_a_repeated_check_names_both_lines_and_all_problems_come_at_once() -> None:
    block = "::: check single k\nq\n- [x] a\n- [ ] b\n:::\n"
    with pytest.raises(ContentError) as caught:
        parse("---\nkey: A\ntitle: t\n---\n" + block + block + "::: check poem\n:::\n")
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["front.key", "check.repeated", "check.type", "check.key"]
    assert "lines 5 and 10" in caught.value.problems[1].message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Größe\nfür".encode("latin-1"), ("Byte 2", "line 1", "iconv -f ISO-8859-1")),
        ("a".encode("utf-16"), ("UTF-16",)),
        (b"a\x00b", ("U+0000",)),
    ],
)
def test_other_encodings_are_refused(data: bytes, words: tuple[str, ...]) -> None:
    with pytest.raises(ContentError) as caught:
        decode(data)
    problem = caught.value.problems[0]
    assert all(word in problem.message + problem.fix for word in words)


def test_checks_of_every_type_are_read() -> None:
    document = parse(HEAD + EVERY_TYPE)
    assert [check.type for check in document.checks] == [
        "single", "multiple", "true-false", "numeric", "short", "ordering", "matching", "cloze",
    ]  # fmt: skip
    assert all(check.problems() == () for check in document.checks)
    assert [block.kind for block in document.blocks] == ["check"] * 8


def test_what_looks_like_a_check_in_code_or_a_comment_is_none() -> None:
    body = "```\n::: check single k\n```\n<!--\n::: check single k\n-->\n"
    assert parse(HEAD + body).checks == ()


def test_links_images_headings_words() -> None:
    body = (
        "# One\n\nSee [there](../b.md) and <a href='/c'>c</a>.\n![alt](i.png)\n\n## One\n\n"
        "::: check single k\nSee [d](d.md)?\n- [x] a\n- [ ] b\n:::\n"
    )
    document = parse(HEAD + body)
    assert [(link.href, link.line) for link in document.links] == [("../b.md", 8), ("/c", 8), ("d.md", 14)]
    assert [(image.src, image.alt, image.line) for image in document.images] == [("i.png", "alt", 9)]
    assert [(h.level, h.anchor, h.line) for h in document.headings] == [(1, "one", 6), (2, "one-2", 11)]
    assert document.words == 7
    assert document.minutes == 1


@given(st.lists(st.sampled_from(["a", "b", ""]), max_size=5), NEWLINES, NEWLINES)
def test_match_newlines(lines: list[str], one: str, other: str) -> None:
    assert match_newlines(one.join(["x", *lines]), f"y{other}z") == other.join(["x", *lines])


def test_a_list_item_that_begins_with_code_does_not_swallow_what_follows() -> None:
    listed = "1. ```bash\n   ::: note\n   ```\n2. text\n\n::: note After\nSeen.\n:::\n"
    assert [span.kind for span in scan(split_lines(listed), 1).spans] == ["markdown", "open", "markdown", "close"]
    left = "10. ```bash\n    code\n\n::: note After\nThe item ended, and its code with it.\n:::\n"
    assert not scan(split_lines(left), 1).problems
    assert [span.kind for span in scan(split_lines(left), 1).spans] == ["markdown", "open", "markdown", "close"]
