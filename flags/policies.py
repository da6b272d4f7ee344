"""Who may see and change audiences, and how much of a count anyone is shown."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from flags.models import Audience, Flag
from people.capabilities import Capability
from people.models import User
from people.policies import require

FEWEST = 5
"""Below this many people a count is withheld, and the steps in which a guarded count moves (DESIGN, invariant 9)."""


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count as somebody may see it.

    Args:
        number: people; rounded down to a multiple of 5 when not `exact`; None when withheld.
        exact: whether `number` is the very count.
        text: in words.
    """

    number: int | None
    exact: bool
    text: str


def audiences_for(user: User) -> QuerySet[Audience]:
    """The audiences `user` may look at: all, for those who release or edit audiences.

    Raises PermissionDenied for others. 1 query at most.
    """
    _may_look(user)
    return Audience.objects.all()


def flags_for(user: User) -> QuerySet[Flag]:
    """The flags `user` may look at, with their audiences. Raises PermissionDenied. 1 query at most."""
    _may_look(user)
    return Flag.objects.select_related("audience")


def audience_for_edit(user: User, audience_id: int) -> Audience:
    """The audience, if `user` may change it.

    Raises PermissionDenied without the right to edit audiences, Http404 when there is none. 2 queries at most.
    """
    require(user, Capability.EDIT_AUDIENCES)
    audience = Audience.objects.filter(pk=audience_id).first()
    if audience is None:
        raise Http404
    return audience


def require_preview(user: User) -> None:
    """Raise PermissionDenied unless `user` may ask how many people a rule takes in. 1 query at most."""
    _may_look(user)


def shown_count(user: User, number: int, *, sensitive: bool) -> ShownCount:
    """How much of an audience's size `user` is shown.

    Fewer than 5 people are withheld from those who may not see figures by person. A rule over a sensitive attribute is
    guarded from everyone: withheld below 5, in steps of 5 above, so that adding one named person tells nothing of them.

    Args:
        user: who asks.
        number: the very count.
        sensitive: whether the rule asks about a sensitive attribute.

    1 query at most.
    """
    guarded = sensitive or not user.can(Capability.FIGURES_BY_PERSON)
    if guarded and number < FEWEST:
        return ShownCount(None, False, _("fewer than %(number)s people") % {"number": FEWEST})
    if sensitive:
        step = number - number % FEWEST
        return ShownCount(step, False, _("%(number)s people or a few more") % {"number": step})
    return ShownCount(number, True, _("1 person") if number == 1 else _("%(number)s people") % {"number": number})


def _may_look(user: User) -> None:
    if not user.capabilities & {Capability.RELEASE, Capability.EDIT_AUDIENCES}:
        raise PermissionDenied(_("You need the right to release or to edit audiences. Ask an operator to add you."))
