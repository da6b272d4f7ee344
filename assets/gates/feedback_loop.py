"""Gate: the asset finds out whether it worked.

A check does that; so does a link to a practice asset, an observation note (`::: observe`: what a manager or an
expert looks for). Snippets and links are parts of other assets, and a pathway has the loops of its items.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate

EXEMPT = frozenset({"snippet", "link", "pathway"})
OBSERVE = "::: observe"


def check(candidate: Candidate) -> Iterator[Found]:
    if candidate.kind in EXEMPT or _has_loop(candidate):
        return
    yield Found(
        _("Nothing here shows whether it worked: there is no check, practice or observation."), None,
        _("Add a check on the step that goes wrong most often, link a practice asset, or add an “observe” note."),
    )  # fmt: skip


def _has_loop(candidate: Candidate) -> bool:
    document = candidate.document
    if document.checks:
        return True
    if any(line.startswith(OBSERVE) for line in document.body.splitlines()):
        return True
    linked = (candidate.names.linked(candidate.asset_key, link.href) for link in document.links)
    return any(target is not None and target.kind == "practice" for target in linked)


GATE = Gate("feedback-loop", gettext_lazy("A check or another feedback loop"), BLOCKS, check)
