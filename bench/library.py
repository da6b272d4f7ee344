"""A library to measure on: many small assets, each a text of its own that passes the gates."""

from collections.abc import Sequence

from assets.actions.assets import NewAsset, create_assets
from assets.models import Asset, Collection, Framework, Outcome

SENTENCES = (
    "Open the order and look at the lines before you promise anything.",
    "Say the amount first, because the customer gets a message within a minute.",
    "Write the reason on the case in words that the customer would use.",
    "Ask a lead when you are not sure, and stay on the line while you do.",
    "Look at the date of the last change before you trust what you see.",
    "Leave the case open for a day, so that an answer comes back to you.",
)


def text_of(number: int) -> str:
    """A guide of some 300 words with a list, a table and two checks; no two are the same."""
    paragraphs = [
        " ".join(SENTENCES[(number + place + line) % len(SENTENCES)] for line in range(4)) for place in range(6)
    ]
    return f"""---
key: bench/asset-{number}
title: Handle case {number}
kind: guide
summary: What to do in case {number}, in five steps.
outcomes: [bench.handle-case]
---
{paragraphs[0]}

## Before you start with case {number}

{paragraphs[1]}

1. Open the order of case {number}.
2. Tick the line.
3. Set the amount to £{number}.
4. Pick a reason.
5. Send it.

{paragraphs[2]}

| Way of paying | Days |
| --- | --- |
| Card | {3 + number % 4} |
| Transfer | 2 |

::: check single amount
How much do you set in case {number}?
- [x] £{number} — Right.
- [ ] £{number + 1} — That is one too many.
- [ ] Nothing — The customer waits for an amount.
:::

## Afterwards

{paragraphs[3]}

::: check true-false reason
A reason is needed.
- [x] True — Right.
- [ ] False — The panel asks for it.
:::

{paragraphs[4]}

{paragraphs[5]}
"""


def make_assets(count: int) -> tuple[Sequence[Asset], list[str]]:
    """`count` assets with their drafts in one collection, and their texts."""
    framework = Framework.objects.create(key="bench", name="Bench")
    Outcome.objects.create(key="bench.handle-case", framework=framework, statement="Handle a case within the limit")
    collection = Collection.objects.create(key="bench", name="Bench")
    texts = [text_of(number) for number in range(count)]
    items = [
        NewAsset(collection=collection, key=f"bench/asset-{n}", kind="guide", title=f"Handle case {n}", source=texts[n])
        for n in range(count)
    ]
    return create_assets(actor=None, items=items), texts
