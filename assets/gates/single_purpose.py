"""Gate: one asset, one purpose. A text that is too long for one is several assets.

1,200 words are about six minutes of reading, which fit between two meetings; 2,500 are a chapter. A pathway is a
list of assets and a practice asset a list of questions: neither has a size.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, WARNS, Found, Gate

WORDS_WARN: Final = 1_200
WORDS_BLOCK: Final = 2_500
HEADINGS_WARN: Final = 12
EXEMPT = frozenset({"pathway", "practice"})


def check(candidate: Candidate) -> Iterator[Found]:
    if candidate.kind in EXEMPT:
        return
    words, headings = candidate.document.words, len(candidate.document.headings)
    fix = _("Split it by task: one asset each, and a pathway to hold them together.")
    if words > WORDS_BLOCK:
        said = _("%(words)d words are more than one purpose needs; %(most)d are the most.")
        yield Found(said % {"words": words, "most": WORDS_BLOCK}, None, fix, BLOCKS)
    elif words > WORDS_WARN:
        said = _("%(words)d words take longer than a break between two meetings; aim for %(most)d.")
        yield Found(said % {"words": words, "most": WORDS_WARN}, None, fix)
    if headings > HEADINGS_WARN:
        said = _("%(headings)d headings look like several purposes; %(most)d are many.")
        yield Found(said % {"headings": headings, "most": HEADINGS_WARN}, None, fix)


GATE = Gate("single-purpose", gettext_lazy("One purpose, one size"), WARNS, check)
