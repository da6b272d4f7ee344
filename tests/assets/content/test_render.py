"""Rendering: HTML that is safe, segments, plain text."""

import re
import time

import pytest
from hypothesis import given, settings

from assets.content import (
    CheckSlot,
    Html,
    Rendering,
    excerpt,
    parse,
    redact,
    render,
    render_inline,
    render_text,
    restore,
)
from tests.assets.content.texts import BODIES, EVERY_TYPE, GUIDE, HEAD


def page(body: str) -> Rendering:
    """Render a body whose links lead to /a/… and whose images are all missing but ok.png."""
    return render(
        parse(HEAD + body, strict=False),
        link=lambda href: f"/a/{href}" if "gone" not in href else None,
        image=lambda src: f"/m/{src}" if src == "ok.png" else None,
    )


def test_segments_split_at_checks() -> None:
    rendering = page("Before.\n\n" + EVERY_TYPE + "\nAfter.\n")
    kinds = [type(segment) for segment in rendering.segments]
    assert kinds == [Html, *[CheckSlot] * 8, Html]
    slots = {slot.check.key: slot for slot in rendering.slots}
    assert slots["one"].prompt == "<p>Which?</p>\n"
    assert list(slots["one"].labels.values()) == ["A", "B"]
    assert slots["amount"].labels == slots["panel"].labels == {}
    assert slots["limit"].parts == ("<p>Up to ", " you decide; above it a ", " does.</p>\n")
    assert [slot.number for slot in rendering.slots] == list(range(1, 9))


def test_blocks_look_as_the_pages_want_them() -> None:
    html = page(
        "# Title\n\n1. a\n2. b\n\n- [x] done\n- [ ] open\n\n::: warning Mind *it*\nText\n:::\n\n"
        "::: challenge\nDo\n:::\n\n"
        "::: solution\nSo\n:::\n\n|a|b|\n|-|-|\n|1|2|\n\n~~gone~~ note[^1]\n\n[^1]: Foot.\n\n```sh\nls <x>\n```\n"
    ).html
    assert '<h2 id="title">Title</h2>' in html
    assert '<ol class="steps">' in html
    assert '<label><input type="checkbox" checked="">' in html.replace(
        'checked="" type="checkbox"', 'type="checkbox" checked=""'
    )
    assert re.search(
        r'<div (class="note warn" role="note"|role="note" class="note warn")><p class="note-t">Mind \*it\*</p>', html
    )
    assert '<p class="note-t">Challenge</p>' in html
    assert '<details class="more"><summary>Solution</summary>' in html
    assert "<table>" in html
    assert "<s>gone</s>" in html
    assert 'class="footnotes"' in html
    assert "<code>ls &lt;x&gt;" in html.replace(' class="language-sh"', "").replace(' class=""', "")


def test_links_and_images_are_resolved() -> None:
    html = page(
        "[in](b.md) [out](https://e.org) [to](#t) [no](gone.md) <a href='raw'>r</a> <a href='gone'>g</a>\n\n"
        "![A](ok.png 'cap')\n\n![B](no.png)\n\nx ![C](no.png) <img src=ok.png alt=D> <img src=no.png alt=E>\n"
    ).html
    assert '<a href="/a/b.md" rel="noopener">in</a>' in html
    assert '<a href="https://e.org" rel="noopener">out</a>' in html
    assert '<a href="#t" rel="noopener">to</a>' in html
    assert '<span class="missing">no</span>' in html
    assert '<a href="/a/raw" rel="noopener">r</a>' in html
    assert 'href="gone"' not in html
    assert re.search(r'<figure><img src="/m/ok.png" alt="A"[^>]*><figcaption>cap</figcaption></figure>', html)
    assert '<figure class="missing"><figcaption>B</figcaption></figure>' in html
    assert 'x <span class="missing">C</span> <img src="/m/ok.png" alt="D"> <span class="missing">E</span>' in html


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<p style="x" onclick="y" class="btn primary" id="main">t</p>',
        "[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a> <a href=' jAvAscript:alert(1)'>y</a>",
        "[x](data:text/html,hi) ![x](data:text/html,hi)",
        "<svg onload=alert(1)><style>@import 'x'</style>",
        "<iframe src='https://e.org'></iframe><form action=x><input type=text name=p><button>b</button></form>",
        "::: note <img src=x onerror=alert(1)>\n:::",
        "::: <script> x\n:::",
        (
            '::: check single k\n<script>q</script> <b onclick="x">q</b>\n- [x] <script>1</script>\n'
            '- [ ] <i style="a">b</i>\n:::'
        ),
    ],
)
def test_nothing_dangerous_is_left(body: str) -> None:
    rendering = page(body)
    html = rendering.html + "".join(slot.prompt + "".join(slot.labels.values()) for slot in rendering.slots)
    tags = "".join(re.findall(r"<[^>]*>", html)).lower()
    for word in (
        "<script",
        "style",
        " on",
        "javascript:",
        "data:",
        "<iframe",
        "<svg",
        "<form",
        "<button",
        "btn",
        'id="main"',
    ):
        assert word not in tags
    assert 'type="text"' not in tags


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_any_body_renders(lines: list[str]) -> None:
    document = parse(HEAD + "\n".join(lines), strict=False)
    rendering = page("\n".join(lines))
    assert len(rendering.slots) == len(document.checks)
    render_text(document)
    assert len(excerpt(document, 40)) <= 40


def test_reserved_and_repeated_anchors() -> None:
    toc = page("## Main\n\n## A b!\n\n## A b\n\n#### Deep\n").toc
    assert [(heading.level, heading.anchor) for heading in toc] == [(2, "main-2"), (2, "a-b"), (2, "a-b-2")]


def test_plain_text_has_the_questions_and_no_answers() -> None:
    text = render_text(parse(HEAD + "Read **this** [first](x).\n\n" + EVERY_TYPE))
    assert text.startswith("Issue a partial refund\n\nRead this first.")
    assert "Up to ____ you decide" in text
    for secret in ("A zero is missing", "refund panel", "200", "Look up", "the amount", "voucher"):
        assert secret not in text


def test_excerpt() -> None:
    document = parse(GUIDE)
    assert excerpt(document, 30) == "Open the order and choose…"
    assert excerpt(document.with_meta(summary="Short."), 30) == "Short."


def test_render_inline() -> None:
    same = {"link": lambda href: href, "image": lambda src: src}
    assert render_inline("a & b", **same) == "a &amp; b"
    assert render_inline("**a** <script>x</script>", **same) == "<strong>a</strong> "
    assert render_inline("£200.", **same) == "£200."


def test_redaction_hides_every_answer_and_restores() -> None:
    document = parse(HEAD + "Text.\n\n" + EVERY_TYPE)
    hidden = redact(document)
    for secret in ("[x]", "no", "yes", "Good.", "zero", "refund panel", "Tick", "bank", "pounds", "lead", "— "):
        assert secret not in hidden.split("---\n", 2)[2], secret
    assert restore(hidden, document) == document.source
    edited = (
        hidden.replace("Text.", "New text.")
        .replace("Which two?", "Which are the two?")
        .replace("you decide", "one decides")
    )
    expected = document.source.replace("Text.", "New text.").replace("Which two?", "Which are the two?")
    assert restore(edited, document) == expected.replace("you decide", "one decides")


def test_redaction_of_a_check_that_cannot_be_read() -> None:
    document = parse(HEAD + "::: check poem k\nq\n- [x] secret\n:::\n", strict=False)
    assert "secret" not in redact(document)


@pytest.mark.parametrize(
    "body",
    [
        "::: note\n" * 10_000,
        ":::\n" * 10_000,
        "\n".join("  " * i + "- a" for i in range(300)),
        "> " * 20_000,
        "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + ("|b" * 100 + "|\n") * 300,
        "[" * 20_000,
        "*a" * 20_000,
        "::: check single k\n" + "- [x] a — b\n" * 5_000 + ":::\n",
        "::: check cloze k\n" + "[[a|b]] " * 5_000 + "\n:::\n",
        "<div>" * 5_000,
    ],
    ids=["notes", "closes", "list", "quote", "table", "brackets", "stars", "choices", "gaps", "tags"],
)
def test_hostile_texts_are_bounded(body: str) -> None:
    start = time.process_time()
    rendering = page(body)
    # Generous: what must not happen is a stall or a RecursionError, and depth must not reach the browser.
    assert time.process_time() - start < 20
    assert rendering.html.count("<div") < 6_000
    assert not re.search(r"(<div[^>]*>\s*){300}", rendering.html) or "<div>" in body
