"""Gate: links inside the library lead somewhere. Links to other sites are not asked for here: no network in a gate."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, WARNS, Found, Gate
from assets.gates.links import fragment_of, is_inside


def check(candidate: Candidate) -> Iterator[Found]:
    anchors = {heading.anchor for heading in candidate.document.headings}
    for link in candidate.document.links:
        values = {"href": link.href}
        if link.href.startswith("#"):
            if fragment_of(link.href) not in anchors:
                said = _("The link “%(href)s” leads to no heading of this text.") % values
                yield Found(said, link.line, _("Link to a heading that is here, or leave the link out."), WARNS)
            continue
        if not is_inside(link.href) or candidate.names.file(candidate.asset_id, link.href):
            continue
        target = candidate.names.linked(candidate.asset_key, link.href)
        if target is None:
            said = _("The link “%(href)s” leads to no asset of the library.") % values
            yield Found(said, link.line, _("Use the key of an asset, for example refunds/partial-refund."))
        elif target.retired:
            said = _("The link “%(href)s” leads to a retired asset.") % values
            yield Found(said, link.line, _("Link to what replaced it, or leave the link out."), WARNS)


GATE = Gate("links-resolve", gettext_lazy("Links resolve inside the library"), BLOCKS, check)
