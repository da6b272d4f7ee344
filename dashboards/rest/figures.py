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
from delivery.queries.in_force import versions_in_force
from people.capabilities import Capability
from people.models import Team
from people.policies import signed_in
from people.rest.permissions import needs
from telemetry.policies import FigureScope, figures_scope
from telemetry.queries.outcomes import Cell, State, Week, outcome_map, series
from telemetry.queries.withhold import MINIMUM, stepped, withhold_cells

_READ = needs(read=[Capability.FIGURES_BY_TEAM], write=[Capability.FIGURES_BY_TEAM])


class CellSerializer(serializers.Serializer[Any]):
    """One outcome in one team (its own members, not its subtree)."""

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
        shown = withhold_cells(cells, named=scope.named)
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
        return Response(
            WeekSerializer(
                [_week(week, named=named) for week in series(outcome.pk, list(teams), weeks=weeks)], many=True
            ).data
        )


def _teams(scope: FigureScope, keys: list[str]) -> Mapping[int, str]:
    """Team id → key, of those asked for. Raises Http404 for one that is not there or not theirs to see. 1 query."""
    teams = {team.pk: team.key for team in Team.objects.filter(pk__in=scope.teams)}
    missing = set(keys) - set(teams.values())
    if missing:
        raise Http404(_("There is no team %(key)s whose figures you can see.") % {"key": min(missing)})
    return {pk: key for pk, key in teams.items() if key in keys} if keys else teams


def _cell(outcome: str, team: str, cell: Cell | None) -> dict[str, Any]:
    figures = ("people", "reached", "answered", "able", "fading")
    if cell is None:
        return {"outcome": outcome, "team": team, "withheld": True, "state": None} | dict.fromkeys(figures)
    facts = asdict(cell)
    return {"outcome": outcome, "team": team, "withheld": False, "state": cell.state.value} | {
        name: facts[name] for name in figures
    }


def _week(week: Week, *, named: bool) -> dict[str, Any]:
    few_asked, few_first = week.asked < MINIMUM, week.first_answers < MINIMUM
    return {
        "starts": week.starts,
        "first_answers": week.first_answers if named else stepped(week.first_answers),
        "pass_rate": _rounded(week.pass_rate) if named or not few_first else None,
        "reached": week.reached if named else stepped(week.reached),
        "asked": week.asked if named else stepped(week.asked),
        "able_rate": _rounded(week.able_rate) if named or not few_asked else None,
    }


def _rounded(share: float | None) -> float | None:
    """To whole percents."""
    return None if share is None else round(share, 2)
