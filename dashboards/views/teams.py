"""One team."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboards.queries.finding import finding
from dashboards.queries.frameworks import frameworks, outcome_rows
from dashboards.queries.one_team import team_page
from dashboards.queries.people import person_rows
from dashboards.queries.teaching import opens_for, teaching
from dashboards.views.moving import show
from delivery.queries.in_force import versions_in_force
from people.capabilities import Capability
from people.policies import needs, signed_in, team_for_figures
from telemetry.policies import figures_scope

PEOPLE_AT_ONCE = 50


@require_safe
@needs(Capability.FIGURES_BY_TEAM)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Outcomes of a team, and its people for who may see them. `?framework=`, `?part=live`. 15 queries at most."""
    user = signed_in(request)
    found = team_for_figures(user, team_id)
    scope = figures_scope(user)
    versions = versions_in_force()
    choices = frameworks(versions)
    chosen = next((f for f in choices if f.key == request.GET.get("framework")), choices[0] if choices else None)
    rows = outcome_rows(chosen.pk) if chosen else []
    shown = team_page(found, rows, scope, versions)
    context = {
        "shown": shown,
        "frameworks": choices,
        "framework": chosen,
        "finding": finding(outcome.shown for outcome in shown.outcomes),
    }
    if shown.team.named:
        taught = teaching([row.id for row in rows], versions)
        people = person_rows(found.pk, rows, versions=versions, taught=taught)
        context |= {
            "people": Paginator(people, PEOPLE_AT_ONCE).get_page(request.GET.get("page")),
            "opens": opens_for(user),
        }
    return show(request, "team", context)
