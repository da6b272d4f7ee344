"""Texts that the tests of the content core share, and strategies that make more."""

from hypothesis import strategies as st

HEAD = "---\nkey: refunds/partial-refund\ntitle: Issue a partial refund\noutcomes: [refunds.issue-partial]\n---\n"

GUIDE = (
    HEAD
    + """Open the order and choose **Refund** in the panel.

## Refund one line

1. Tick the line to refund.
2. Write the amount, at most £200.
3. Choose the reason and send.

::: check single partial-limit
What is the highest partial refund an agent may approve alone?
- [ ] £50 — Too low: that was the limit until 2025.
- [x] £200 — Right.
- [ ] Any amount — Above £200 a lead must approve.
right: It counts per order.
:::

The customer gets a message within a minute of that.
"""
)

EVERY_TYPE = """::: check single one points=2 outcome=refunds.other
Which?
- [ ] A — no
- [x] B — yes
right: Good.
wrong: Look
  again.
:::

::: check multiple many
Which two?
- [x] A
- [x] B
- [ ] C -- not C
:::

::: check true-false sky
The sky is blue.
- [x] True
- [ ] False — Look up.
:::

::: check numeric amount
How much?
- [x] £200 ± 5 — Yes.
- [ ] 20 — A zero is missing.
:::

::: check short panel
Where?
- [x] refund panel
- [x] /re(fund)+s? tab/
- [ ] inbox — Not there.
:::

::: check ordering steps
Put in order.
1. Tick — first the line
2. Write
   the amount
3. Send
:::

::: check matching money
Who gets what?
- card => bank
- voucher → new voucher
- => nothing
:::

::: check cloze limit
Up to [[£200|200 pounds]] you decide; above it a [[lead]] does.
:::
"""

WORDS = st.text(alphabet="abcdefghij", min_size=1, max_size=6)
LINES = st.text(alphabet="ab -#*>[]()`|:!\\_~&<1.\t—é", max_size=30)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])
BODIES = st.lists(
    st.one_of(
        LINES,
        st.sampled_from(["", "::: note x", ":::", "```", "- [x] a — b", "1. a", "::: check single k", "<!--", "-->"]),
    ),
    max_size=14,
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A front matter that parses over any body, with any line ending and with or without a final one."""
    newline = draw(NEWLINES)
    extra = draw(
        st.sampled_from(["", "# comment", "tags: [a,  b ] # odd", "foo: {a: 1}", "summary: >\n  two\n  lines", ""])
    )
    head = ["---" + draw(st.sampled_from(["", " ", "\t"])), "key:   a/b  ", 'title: "T: 1"']
    head += [*extra.split("\n"), "---"]
    end = draw(st.sampled_from(["", newline]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + newline.join([*head, *draw(BODIES)]) + end


def body_of(paragraphs: list[str]) -> str:
    """A body of these paragraphs."""
    return "\n\n".join(paragraphs) + "\n"
