"""Gate: every check can be answered: a right answer exists, no choice comes twice, a tolerance can be met."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate


def check(candidate: Candidate) -> Iterator[Found]:
    for question in candidate.document.checks:
        for problem in question.problems():
            yield Found(problem.message, problem.line, problem.fix)


GATE = Gate("check-answerable", gettext_lazy("Every check can be answered"), BLOCKS, check)
