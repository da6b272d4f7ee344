"""Outcome by team, and one outcome."""

from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.charts.rate import rate_chart
from dashboards.charts.trend import panels
from dashboards.queries.board import Board, TeamColumn, board, team_columns
from dashboards.queries.finding import finding
from dashboards.queries.frameworks import OutcomeRow, frameworks, outcome_rows
from dashboards.queries.one_outcome import CheckShown, outcome_page
from dashboards.queries.people import help_rows
from dashboards.queries.teaching import opens_for, teaching
from dashboards.queries.trend import outcome_to_watch, trend
from dashboards.views.moving import show
from delivery.queries.in_force import versions_in_force
from people.capabilities import Capability
from people.models import User
from people.policies import needs, signed_in
from telemetry.policies import FigureScope, figures_scope
from telemetry.queries.proof import ABLE_FROM, FADES_AFTER

TEAMS_AT_ONCE: Final = 8  # columns that can be read side by side
OUTCOMES_AT_ONCE: Final = 40
HELP_AT_ONCE: Final = 6


@require_safe
@needs(Capability.FIGURES_BY_TEAM)
def outcomes(request: HttpRequest) -> HttpResponse:
    """The map. `?framework=`, `?teams=2` (which columns), `?page=` (which rows), `?help=all`.

    `?part=live` gives the parts that move by themselves. 14 queries at most besides the session's, whatever there is.
    """
    user = signed_in(request)
    scope = figures_scope(user)
    versions = versions_in_force()
    choices = frameworks(versions)
    chosen = next((f for f in choices if f.key == request.GET.get("framework")), choices[0] if choices else None)
    rows = outcome_rows(chosen.pk) if chosen else []
    columns = team_columns(scope)
    whole = board(rows, columns, scope, versions)
    context = _meaning() | {
        "frameworks": choices,
        "framework": chosen,
        "teams": columns,
        "people": sum(column.members for column in columns),
        "finding": finding(whole.cells),
        "as_table": request.GET.get("as") == "table",
        **_visible(request, whole),
        **_trend(whole, columns, scope),
        **_help(request, user, scope, rows, versions),
    }
    return show(request, "outcomes", context)


@require_safe
@needs(Capability.FIGURES_BY_TEAM)
def outcome(request: HttpRequest, key: str) -> HttpResponse:
    """One outcome: teams, checks, what teaches it, the trend. `?team=` looks at one team only. 13 queries at most."""
    user = signed_in(request)
    scope = figures_scope(user)
    shown = outcome_page(key, request.GET.get("team", ""), scope, versions_in_force())
    if shown is None:
        raise Http404(_("There is no outcome %(key)s.") % {"key": key})
    context = _meaning() | {
        "shown": shown,
        "trend": shown.trend,
        "panels": panels(shown.trend),
        "checks": [(check, _picture(check)) for check in shown.checks],
        "opens": opens_for(user),
        "edits": user.can(Capability.EDIT),
    }
    return show(request, "outcome", context)


def _picture(check: CheckShown) -> SafeString | None:
    share, interval = (check.first.p, check.first.interval) if check.first else (None, None)
    return None if share is None or interval is None else rate_chart(share, interval)


def _meaning() -> dict[str, Any]:
    """What "What able means" says."""
    return {"able_percent": round(100 * ABLE_FROM), "fades_days": FADES_AFTER.days}


def _visible(request: HttpRequest, whole: Board) -> dict[str, Any]:
    """The window of the map that is shown: some rows, some columns."""
    sets = Paginator(range(len(whole.columns)), TEAMS_AT_ONCE)
    window = sets.get_page(request.GET.get("teams"))
    page = Paginator(whole.rows, OUTCOMES_AT_ONCE).get_page(request.GET.get("page"))
    first, last = (window.object_list[0], window.object_list[-1] + 1) if whole.columns else (0, 0)
    return {
        "board": Board(whole.columns[first:last], [row[first:last] for row in page.object_list]),
        "page_obj": page,
        "team_sets": window,
        "rows_query": _kept(request),
    }


def _kept(request: HttpRequest) -> str:
    """What the links to other rows keep of the address."""
    return "".join(f"{urlencode({name: request.GET[name]})}&" for name in ("framework", "teams") if name in request.GET)


def _trend(whole: Board, columns: list[TeamColumn], scope: FigureScope) -> dict[str, Any]:
    """The trend of the outcome with most answers: over the reader's own people when they have any, else over all."""
    watched = outcome_to_watch(whole)
    if watched is None:
        return {}
    own = [column for column in columns if column.named] or columns
    found = trend(watched, [column.id for column in own], scope)
    return {"trend": found, "panels": panels(found), "watched": _said(own)}


def _said(columns: list[TeamColumn]) -> str:
    """The teams in a few words."""
    if len(columns) > 3:
        return _("All %(n)d teams") % {"n": len(columns)}
    return ", ".join(column.name for column in columns)


def _help(
    request: HttpRequest, user: User, scope: FigureScope, rows: list[OutcomeRow], versions: frozenset[int]
) -> dict[str, Any]:
    if not scope.named:
        return {"named": False}
    found = help_rows(scope, rows, versions=versions, taught=teaching([row.id for row in rows], versions))
    everything = request.GET.get("help") == "all"
    return {
        "named": True,
        "help": found if everything else found[:HELP_AT_ONCE],
        "help_left": 0 if everything else max(0, len(found) - HELP_AT_ONCE),
        "help_people": len(found),
        "opens": opens_for(user),
    }
