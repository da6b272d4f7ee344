"""Who may read the record and its figures. A policy returns what may be read, or raises."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from people.capabilities import Capability
from people.models import Team, User
from people.policies import require
from people.queries.teams import managed_team_ids
from telemetry.models import Statement, StatementId


@dataclass(frozen=True, slots=True)
class FigureScope:
    """The teams whose figures somebody may see, and those among them whose people they may see by name."""

    teams: frozenset[int]
    named: frozenset[int]


def figures_scope(user: User) -> FigureScope:
    """A manager's own tree, with names; every team, without names, for authors and leads.

    Raises PermissionDenied for everybody else. 2 queries at most.
    """
    require(user, Capability.FIGURES_BY_TEAM)
    own = managed_team_ids(user)
    teams = frozenset(Team.objects.values_list("pk", flat=True)) if user.can(Capability.EDIT) else own
    return FigureScope(teams, own if user.can(Capability.FIGURES_BY_PERSON) else frozenset())


def statements_for_reading(user: User) -> QuerySet[Statement]:
    """The statements `user` may read: what is recorded about them; for an operator, all. No query of its own."""
    if user.can(Capability.OPERATE):
        return Statement.objects.all()
    return Statement.objects.filter(actor_id=user.pseudonym)


def statement_for_reading(user: User, statement_id: UUID) -> Statement:
    """One statement. Raises Http404 when there is none, or it is not theirs. 2 queries: by the ledger of ids."""
    known = StatementId.objects.filter(pk=statement_id).first()
    found = known and statements_for_reading(user).filter(stored=known.stored, seq=known.seq).first()
    if not found:
        raise Http404(_("There is no such statement among those you can read."))
    return found


def sees_response(user: User, statement: Statement) -> bool:
    """Whether `user` may read what was answered: a right answer of somebody else is an answer not earned."""
    return statement.actor_id == user.pseudonym or user.can(Capability.SEE_ANSWERS)
