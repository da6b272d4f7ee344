"""Figures by outcome over the API: the same queries, scope and withholding as the pages."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.models import Outcome
from dashboards.queries.figures import CellFigures, WeekShown, shown_cells, shown_weeks
from delivery.queries.in_force import versions_in_force
from people.capabilities import Capability
from people.models import Team
from people.policies import signed_in
from people.rest.permissions import needs
from telemetry.policies import FigureScope, figures_scope
from telemetry.queries.outcomes import State, outcome_map, series

_READ = needs(read=[Capability.FIGURES_BY_TEAM], write=[Capability.FIGURES_BY_TEAM])


class CellSerializer(serializers.Serializer[Any]):
    """One outcome in one team (its own members, not its subtree). Without the right to names, in steps of 5 people."""

    outcome = serializers.CharField()
    team = serializers.CharField()
    withheld = serializers.BooleanField(help_text="Fewer than 5 people: state and figures are null.")
    state = serializers.ChoiceField([state.value for state in State], allow_null=True)
    people = serializers.IntegerField(allow_null=True)
    reached = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField(allow_null=True)
    able = serializers.IntegerField(allow_null=True)
    fading = serializers.IntegerField(allow_null=True)


class WeekSerializer(serializers.Serializer[Any]):
    """One week. People are as of its end; without the right to names they are counted in steps of 5."""

    starts = serializers.DateField()
    first_answers = serializers.IntegerField()
    pass_rate = serializers.FloatField(allow_null=True, help_text="Of first answers, 0 to 1.")
    reached = serializers.IntegerField()
    asked = serializers.IntegerField()
    able_rate = serializers.FloatField(allow_null=True, help_text="Of the people asked, 0 to 1.")


_TEAM = OpenApiParameter("team", str, many=True, description="Keys of teams; all whose figures you may see without.")


class OutcomeFigures(APIView):
    """Outcome by team: covered, reached, able, fading."""

    permission_classes = (_READ,)

    @extend_schema(
        tags=["figures"],
        operation_id="figures_outcomes",
        parameters=[_TEAM, OpenApiParameter("framework", str, description="Key of a framework.")],
        responses=CellSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The outcome map of the teams you may see. Constant number of queries."""
        scope = figures_scope(signed_in(request))
        teams = _teams(scope, request.query_params.getlist("team"))
        outcomes = Outcome.objects.filter(is_group=False)
        if framework := request.query_params.get("framework"):
            outcomes = outcomes.filter(framework__key=framework)
        rows = list(outcomes)
        cells = outcome_map([o.pk for o in rows], {t: [t] for t in teams}, versions=versions_in_force())
        shown = shown_cells(cells, scope)
        return Response(
            CellSerializer([_cell(o.key, teams[t], shown.get((o.pk, t))) for o in rows for t in teams], many=True).data
        )


class OutcomeSeries(APIView):
    """One outcome over the weeks."""

    permission_classes = (_READ,)

    @extend_schema(
        tags=["figures"],
        operation_id="figures_outcome_series",
        parameters=[_TEAM, OpenApiParameter("weeks", int, description="1 to 104; 13 without.")],
        responses=WeekSerializer(many=True),
    )
    def get(self, request: Request, key: str) -> Response:
        """Pass rate, reach and ability by week, over the people of the teams together."""
        user = signed_in(request)
        scope = figures_scope(user)
        teams = _teams(scope, request.query_params.getlist("team"))
        outcome = Outcome.objects.filter(key=key, is_group=False).first()
        if outcome is None:
            raise Http404(_("There is no outcome %(key)s.") % {"key": key})
        weeks = serializers.IntegerField(min_value=1, max_value=104).run_validation(
            request.query_params.get("weeks", 13)
        )
        named = set(teams) <= scope.named
        shown = shown_weeks(series(outcome.pk, list(teams), weeks=weeks), named=named)
        return Response(WeekSerializer([_week(week) for week in shown], many=True).data)


def _teams(scope: FigureScope, keys: list[str]) -> Mapping[int, str]:
    """Team id → key, of those asked for. Raises Http404 for one that is not there or not theirs to see. 1 query."""
    teams = {team.pk: team.key for team in Team.objects.filter(pk__in=scope.teams)}
    missing = set(keys) - set(teams.values())
    if missing:
        raise Http404(_("There is no team %(key)s whose figures you can see.") % {"key": min(missing)})
    return {pk: key for pk, key in teams.items() if key in keys} if keys else teams


def _cell(outcome: str, team: str, shown: CellFigures | None) -> dict[str, Any]:
    figures = ("people", "reached", "answered", "able", "fading")
    if shown is None:
        return {"outcome": outcome, "team": team, "withheld": True, "state": None} | dict.fromkeys(figures)
    facts = asdict(shown.cell)
    return {"outcome": outcome, "team": team, "withheld": False, "state": shown.state.value} | {
        name: facts[name] for name in figures
    }


def _week(week: WeekShown) -> dict[str, Any]:
    return {
        "starts": week.starts,
        "first_answers": week.first_answers,
        "pass_rate": _rounded(week.pass_rate),
        "reached": week.reached,
        "asked": week.asked,
        "able_rate": _rounded(week.able_rate),
    }


def _rounded(share: float | None) -> float | None:
    """To whole percents."""
    return None if share is None else round(share, 2)
