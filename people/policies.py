"""Who may do what, as far as people and teams go. A policy returns the object or raises PermissionDenied."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from people.capabilities import LABELS, Capability
from people.models import Team, User
from people.models.tree import managed_team_ids


def signed_in(request: HttpRequest) -> User:
    """The signed-in person behind `request`. Raises PermissionDenied for anyone else."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied(_("Sign in first."))


def require(user: User, capability: Capability) -> None:
    """Raise PermissionDenied, naming what is missing, unless one of the person's groups has `capability`."""
    if not user.can(capability):
        raise PermissionDenied(
            _("You need the right to %(what)s. Ask an operator to add you to a group that has it.")
            % {"what": LABELS[capability]}
        )


def needs(*capabilities: Capability) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """View decorator: signed in (else to the sign-in page) and holding at least one of `capabilities`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = signed_in(request)
            if not user.capabilities & set(capabilities):
                require(user, capabilities[0])
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def team_for_figures(user: User, team_id: int) -> Team:
    """The team, if `user` may see its figures: a manager within their tree, an author or lead anywhere.

    Raises Http404 when there is none, PermissionDenied when it is not theirs. 2 queries.
    """
    require(user, Capability.FIGURES_BY_TEAM)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Http404
    if not user.can(Capability.EDIT) and team.pk not in managed_team_ids(user):
        raise PermissionDenied(_("%(team)s does not report to you.") % {"team": team.name})
    return team


def sees_names_in(user: User, team_id: int | None) -> bool:
    """Whether `user` may see figures by person for the people of that team. 1 query at most."""
    return user.can(Capability.FIGURES_BY_PERSON) and team_id in managed_team_ids(user)


def people_visible_to(user: User) -> QuerySet[User]:
    """The people whose record `user` may read by name: all for an operator, else their own people and themselves.

    1 query at once for a manager, and the caller's own.
    """
    people = User.objects.select_related("team")
    if user.can(Capability.OPERATE):
        return people
    own = Q(pk=user.pk)
    if user.can(Capability.FIGURES_BY_PERSON):
        own |= Q(team__in=managed_team_ids(user))
    return people.filter(own)


def person_for_reading(user: User, username: str) -> User:
    """The person, if `user` may read their record. Raises Http404: who may not see them learns nothing. 2 queries."""
    person = people_visible_to(user).filter(username=username).first()
    if person is None:
        raise Http404(_("There is nobody of that name among the people you can see."))
    return person


def sees_sensitive(user: User, person: User) -> bool:
    """Whether `user` may see the person's sensitive attributes: their own, and operators. No query of its own."""
    return user.pk == person.pk or user.can(Capability.OPERATE)


def teams_visible_to(user: User) -> QuerySet[Team]:
    """The teams `user` may list: all for those who target or see figures anywhere, else their own and their tree."""
    teams = Team.objects.select_related("parent")
    if user.capabilities & {Capability.OPERATE, Capability.EDIT, Capability.EDIT_AUDIENCES}:
        return teams
    return teams.filter(Q(pk__in=managed_team_ids(user)) | Q(pk=user.team_id))


def may_look_up_people(user: User) -> None:
    """Raise PermissionDenied unless `user` may find anybody by name: to release to them, or to operate."""
    if not user.capabilities & {Capability.RELEASE, Capability.EDIT_AUDIENCES, Capability.OPERATE}:
        require(user, Capability.RELEASE)
