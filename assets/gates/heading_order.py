"""Gate: headings form an outline (WCAG 2.2, 1.3.1): they start at level 2, below the title, and skip no level."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import WARNS, Found, Gate


def check(candidate: Candidate) -> Iterator[Found]:
    above = 1
    for heading in candidate.document.headings:
        values = {"text": heading.text, "level": heading.level, "above": above, "next": above + 1}
        if heading.level == 1:
            said = _("“%(text)s” is a heading of level 1; that level is the title’s.") % values
            yield Found(said, heading.line, _("Use two hashes: ## %(text)s.") % values)
        elif heading.level > above + 1:
            said = _("“%(text)s” jumps from level %(above)d to level %(level)d.") % values
            yield Found(said, heading.line, _("Use level %(next)d here.") % values)
        above = max(heading.level, 1)


GATE = Gate("heading-order", gettext_lazy("Headings are in order"), WARNS, check)
