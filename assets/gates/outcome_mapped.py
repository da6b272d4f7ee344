"""Gate: the text is for something. It names at least one outcome, and every outcome it names exists.

Snippets and links are parts of other assets and need none. A pathway has the outcomes of its items.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate
from assets.gates.names import outcome_keys
from assets.gates.places import line_in_front

EXEMPT = frozenset({"snippet", "link", "pathway"})


def check(candidate: Candidate) -> Iterator[Found]:
    document = candidate.document
    keys = outcome_keys(document)
    if not document.meta.outcomes and candidate.kind not in EXEMPT:
        yield Found(
            _("No outcome is named: nobody can tell what this is for."), None,
            _("Add the outcome that a person can do after this. If there is none, ask whether the asset is needed."),
        )  # fmt: skip
    for key in keys:
        known = candidate.names.outcomes.get(key)
        line = line_in_front(document, key)
        if known is None:
            said = _("The outcome “%(key)s” does not exist.") % {"key": key}
            yield Found(said, line, _("Choose an existing one, or make it first in its framework."))
        elif known.is_group:
            said = _("“%(outcome)s” is a heading of the framework, not an outcome.") % {"outcome": known.statement}
            yield Found(said, line, _("Choose one of the outcomes below it."))
        elif candidate.mapped is not None and key not in candidate.mapped:
            said = _("This version was saved before the outcome “%(key)s” existed.") % {"key": key}
            yield Found(said, line, _("Save a new version: it will be tied to the outcome."))


GATE = Gate("outcome-mapped", gettext_lazy("Every asset has an outcome"), BLOCKS, check)
