"""Gate: a pathway has items, they exist, and a pin names a version that exists. Nothing else has items."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.content import Item
from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, WARNS, Found, Gate
from assets.gates.places import line_in_front


def check(candidate: Candidate) -> Iterator[Found]:
    items = candidate.document.meta.items
    if candidate.kind != "pathway":
        if items:
            yield Found(_("Only a pathway has items."), None, _("Remove the line “items”, or make a pathway."))
        return
    if not items:
        yield Found(_("The pathway has no items."), None, _("Add the keys of its assets, in their order."))
    for item in items:
        yield from _look_at(candidate, item)


def _look_at(candidate: Candidate, item: Item) -> Iterator[Found]:
    line = line_in_front(candidate.document, item.key)
    known = candidate.names.assets.get(item.key)
    values = {"key": item.key, "pinned": item.pinned, "newest": known.newest if known else 0}
    if known is None:
        yield Found(_("The item “%(key)s” does not exist.") % values, line, _("Use the key of an asset, or remove it."))
    elif known.id == candidate.asset_id:
        yield Found(_("The pathway holds itself."), line, _("Remove the item."))
    elif known.retired:
        yield Found(_("The item “%(key)s” is retired.") % values, line, _("Replace or remove it."))
    elif not known.newest:
        said = _("The item “%(key)s” has no version yet: nobody can open it.") % values
        yield Found(said, line, _("Save and release it first."), WARNS)
    elif item.pinned is not None and item.pinned > known.newest:
        said = _("“%(key)s” is pinned to version %(pinned)d, but its newest is %(newest)d.") % values
        yield Found(said, line, _("Pin a version that exists, or leave the pin out."))


GATE = Gate("pathway-items", gettext_lazy("Pathway items exist"), BLOCKS, check)
