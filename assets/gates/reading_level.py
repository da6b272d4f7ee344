"""Gate: the text reads as easily as it can. English only.

The measure is the Automated Readability Index (Smith and Senter 1967, AMRL-TR-66-220) as textstat computes it: it
counts letters, words and sentences, so it needs no dictionary that would have to be downloaded. The result is a
United States school grade: 12 is the last year of school.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.content import Document
from assets.gates.candidate import Candidate
from assets.gates.finding import WARNS, Found, Gate

GRADE_WARN: Final = 14.0
WORDS_NEEDED: Final = 100  # below, one long word moves the figure by a grade
PROSE = frozenset({"paragraph", "list", "steps"})
_MARKS = re.compile(
    r"`[^`]*`|!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|https?://\S+|[*_~#>|]+|^\s*(?:[-+*]|\d+[.)])\s+", re.MULTILINE
)
_STOPPED = re.compile(r"[.!?:;]\s*$")


def reading_grade(document: Document) -> float | None:
    """The school grade a reader needs; None for a text too short to say."""
    text = _prose(document)
    if len(text.split()) < WORDS_NEEDED:
        return None
    # Here, because importing textstat takes most of a second, which neither a worker nor a command should wait for.
    import textstat

    return float(textstat.automated_readability_index(text))


def _prose(document: Document) -> str:
    """Sentences only: a heading or a list item without a full stop would join the next sentence."""
    lines = []
    for block in document.blocks:
        if block.kind in PROSE:
            plain = _MARKS.sub(lambda m: m.group(1) or " ", block.text)
            parts = plain.splitlines() if block.kind != "paragraph" else [" ".join(plain.split())]
            lines += [part if _STOPPED.search(part) else f"{part}." for part in parts if part.strip()]
    return "\n".join(lines)


def check(candidate: Candidate) -> Iterator[Found]:
    if not candidate.locale.lower().startswith("en"):
        return
    grade = reading_grade(candidate.document)
    if grade is not None and grade > GRADE_WARN:
        yield Found(
            _("The text reads at grade %(grade).0f; most people read with ease up to %(most).0f.")
            % {"grade": grade, "most": GRADE_WARN - 2},
            None,
            _("Shorten the longest sentences and use the words people say at work."),
        )


GATE = Gate("reading-level", gettext_lazy("Reading level"), WARNS, check)
