"""The portal over REST: Today, search, an open asset, answers. The same decisions and the same grading as the pages."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets.content import ResponseError
from assets.queries.pages import version_page
from delivery.actions.answers import answer_check
from delivery.queries.opened import Opened, find_open
from delivery.queries.search import PER_PAGE, search
from delivery.queries.today import today
from people.models import User
from people.policies import signed_in
from people.rest.permissions import SignedIn
from telemetry.actions.record import StatementConflict
from telemetry.queries.evidence import answers_in


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer to one check of the version that is decided for the person."""

    asset = serializers.CharField(max_length=200)
    check = serializers.CharField(max_length=80)
    response = serializers.DictField(
        help_text='By type: {"choice": id}, {"choices": [ids]}, {"number": "1.5"}, {"text": …}, {"order": [ids]}, '
        '{"pairs": {left id: right id}}, {"gaps": [texts]}.'
    )
    id = serializers.UUIDField(required=False, help_text="Given again with the same answer, nothing happens twice.")


class GradeSerializer(serializers.Serializer[Any]):
    """The grade: feedback only on what was chosen; the right answer is not given away."""

    statement = serializers.UUIDField()
    right = serializers.BooleanField()
    score = serializers.FloatField()
    feedback = serializers.DictField(child=serializers.CharField())
    message = serializers.CharField(allow_blank=True)


class OpenAssetSerializer(serializers.Serializer[Any]):
    """An asset as the person may see it. Checks come without answers."""

    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    minutes = serializers.IntegerField()
    segments = serializers.ListField()
    checks = serializers.ListField(child=serializers.DictField())
    outcomes = serializers.ListField(child=serializers.CharField())


class HitSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    snippet = serializers.CharField()


class FoundSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = HitSerializer(many=True)


class TodaySerializer(serializers.Serializer[Any]):
    """What is for the person today."""

    practice_left = serializers.IntegerField()
    due = serializers.ListField(child=serializers.DictField())
    for_you = serializers.ListField(child=serializers.DictField())
    changed = serializers.ListField(child=serializers.DictField())


class PortalView(APIView):
    permission_classes = (SignedIn,)


class TodayView(PortalView):
    @extend_schema(operation_id="today", responses=TodaySerializer)
    def get(self, request: Request) -> Response:
        """What is due, for me and changed."""
        found = today(signed_in(request))
        body = {
            "practice_left": found.left,
            "due": [{"asset": due.asset_key, "check": due.key} for due in found.due],
            "for_you": [
                {"key": one.key, "kind": one.kind, "title": one.title, "minutes": one.minutes, "because": one.because}
                for one in found.for_you
            ],
            "changed": [
                {
                    "key": one.key,
                    "title": one.title,
                    "from": one.changes.before,
                    "to": one.changes.after,
                    "material": one.changes.material,
                }
                for one in found.changed
            ],
        }
        return Response(TodaySerializer(body).data)


class SearchView(PortalView):
    @extend_schema(
        operation_id="search",
        parameters=[OpenApiParameter("q", str, required=True), OpenApiParameter("page", int)],
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        """Full text over what is open to the person; 20 hits a page."""
        page = request.query_params.get("page", "1")
        if not page.isdecimal() or not 1 <= int(page[:6]) <= 100_000 // PER_PAGE:
            raise ValidationError({"page": [_("Give a page number from 1.")]})
        found = search(signed_in(request), request.query_params.get("q", ""), page=int(page))
        return Response(FoundSerializer({"count": found.total, "results": found.hits}).data)


class OpenAssetView(PortalView):
    @extend_schema(operation_id="open_asset", responses=OpenAssetSerializer)
    def get(self, request: Request, key: str) -> Response:
        """One asset in the version that is decided for the person."""
        user = signed_in(request)
        page = version_page(_open(user, key).resolved.version_id)
        evidence = answers_in(user.pk, page.version_id)
        checks = [
            {**check.public, "tries": evidence[check.id].tries, "right": evidence[check.id].right}
            if check.id in evidence
            else {**check.public, "tries": 0, "right": False}
            for check in page.checks.values()
        ]
        body = {
            "key": page.key,
            "kind": page.kind,
            "title": page.title,
            "summary": page.summary,
            "version": page.number,
            "minutes": page.minutes,
            "segments": [list(segment) for segment in page.segments],
            "checks": checks,
            "outcomes": [outcome.key for outcome in page.outcomes],
        }
        return Response(OpenAssetSerializer(body).data)


class AnswersView(PortalView):
    @extend_schema(operation_id="answer_create", request=AnswerSerializer, responses={201: GradeSerializer})
    def post(self, request: Request) -> Response:
        """Grade one answer and record it as evidence."""
        user = signed_in(request)
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        opened = _open(user, data["asset"])
        try:
            done = answer_check(
                person=user,
                opened=opened,
                check_key=data["check"],
                response=data["response"],
                channel="api",
                statement_id=data.get("id"),
            )
        except ResponseError as error:
            raise ValidationError({"response": [str(error)]}) from error
        except StatementConflict as error:
            raise ValidationError({"id": error.messages}) from error
        body = {
            "statement": done.statement_id,
            "right": done.grade.right,
            "score": done.grade.score,
            "feedback": dict(done.grade.choice_feedback),
            "message": done.grade.message,
        }
        return Response(GradeSerializer(body).data, status.HTTP_201_CREATED)


def _open(user: User, key: str) -> Opened:
    opened = find_open(user, key)
    if opened is None:
        raise Http404(_("This is not open to you, or does not exist."))
    return opened
