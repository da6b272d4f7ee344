"""Gate: the outcomes can be seen. "Understand", "know" and "be aware of" cannot: no awareness modules."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate
from assets.gates.names import outcome_keys
from assets.gates.places import line_in_front
from assets.gates.verbs import unobservable_start


def check(candidate: Candidate) -> Iterator[Found]:
    for key in outcome_keys(candidate.document):
        known = candidate.names.outcomes.get(key)
        refused = unobservable_start(known.statement) if known else None
        if known and refused:
            values = {"outcome": known.statement, "phrase": refused[0], "verbs": refused[1]}
            yield Found(
                _("The outcome “%(outcome)s” cannot be seen: nobody can watch a person “%(phrase)s”.") % values,
                line_in_front(candidate.document, key),
                _("Say what the person does instead. Try: %(verbs)s.") % values,
            )


GATE = Gate("outcome-observable", gettext_lazy("Outcomes can be observed"), BLOCKS, check)
