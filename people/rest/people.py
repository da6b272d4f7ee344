"""People over the API."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from people.actions.import_people import ImportRefused
from people.actions.import_rows import ImportProblem
from people.actions.people import create_person, deactivate_person, grant_groups, reactivate_person, update_person
from people.capabilities import Capability
from people.importers.people_csv import import_people_csv
from people.models import AttributeDefinition, User
from people.policies import people_visible_to, signed_in
from people.rest.filters import PersonFilter
from people.rest.parsers import CsvParser
from people.rest.permissions import SignedIn, needs
from people.rest.serializers import (
    ImportOptionsSerializer,
    ImportReportSerializer,
    MeSerializer,
    PersonSerializer,
)


def sensitive_keys() -> frozenset[str]:
    """Keys of the attributes whose values are not shown to others. 1 query."""
    return frozenset(AttributeDefinition.objects.filter(sensitive=True).values_list("key", flat=True))


class MeView(APIView):
    """Who the token or session belongs to, and what they may do."""

    permission_classes = (SignedIn,)

    @extend_schema(responses=MeSerializer, tags=["people"])
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(signed_in(request), context={"request": request}).data)


@extend_schema(tags=["people"])
@extend_schema_view(
    list=extend_schema(description="Operators read everybody, managers their own people, anyone themselves."),
    create=extend_schema(description="Make a person. Nobody can sign in as them until a password is set."),
)
class PersonViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[User],
):
    serializer_class = PersonSerializer
    permission_classes = (needs(read=None, write=[Capability.OPERATE]),)
    filter_backends = (DjangoFilterBackend, SearchFilter)
    filterset_class = PersonFilter
    search_fields = ("username", "first_name", "last_name", "email")
    lookup_field = "username"
    lookup_value_regex = r"[\w.@+-]+"
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        return people_visible_to(signed_in(self.request)).prefetch_related("groups")

    def get_serializer_context(self) -> dict[str, Any]:
        fake = getattr(self, "swagger_fake_view", False)
        return {**super().get_serializer_context(), "sensitive": frozenset() if fake else sensitive_keys()}

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        given = self._checked(request, partial=False)
        person = create_person(actor=signed_in(request), groups=given.pop("groups", ()), **given)
        return Response(self.get_serializer(person).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Change what is given; the rest stays. `attributes` replaces the whole set, `groups` too."""
        person = self.get_object()
        given = self._checked(request, partial=True, instance=person)
        groups: list[Group] | None = given.pop("groups", None)
        person = update_person(actor=signed_in(request), person_id=person.pk, **given)
        if groups is not None:
            person = grant_groups(actor=signed_in(request), person_id=person.pk, groups=groups)
        return Response(self.get_serializer(person).data)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, username: str) -> Response:
        """Close the account: sessions and tokens stop working, nothing is delivered, the record stays."""
        person = deactivate_person(actor=signed_in(request), person_id=self.get_object().pk)
        return Response(self.get_serializer(person).data)

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, username: str) -> Response:
        """Open the account again."""
        person = reactivate_person(actor=signed_in(request), person_id=self.get_object().pk)
        return Response(self.get_serializer(person).data)

    def _checked(self, request: Request, *, partial: bool, instance: User | None = None) -> dict[str, Any]:
        serializer = self.get_serializer(instance, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def _by_line(problems: Sequence[ImportProblem]) -> dict[str, Any]:
    """`{"line": {"2": {"team": ["…"]}}}`, which the problem details show as `/line/2/team`."""
    lines: dict[str, dict[str, list[str]]] = {}
    for problem in problems:
        column = problem.column or "non_field_errors"
        lines.setdefault(str(problem.line), {}).setdefault(column, []).append(problem.message)
    return {"line": lines}


class PeopleImportView(APIView):
    """Bring people in line with a CSV file, sent as the body: all of it or nothing."""

    permission_classes = (needs(read=[Capability.OPERATE], write=[Capability.OPERATE]),)
    parser_classes = (CsvParser, JSONParser)

    @extend_schema(
        tags=["people"],
        parameters=[
            OpenApiParameter("dry_run", bool, description="Find out everything, write nothing."),
            OpenApiParameter("partial", bool, description="Take a file with only some of the columns."),
            OpenApiParameter("deactivate_missing", bool, description="Deactivate people not in the file."),
        ],
        request={"text/csv": OpenApiTypes.STR},
        responses=ImportReportSerializer,
    )
    def post(self, request: Request) -> Response:
        options = ImportOptionsSerializer(data=request.query_params)
        options.is_valid(raise_exception=True)
        data = request.data if isinstance(request.data, bytes) else b""
        try:
            report = import_people_csv(actor=signed_in(request), data=data, **options.validated_data)
        except ImportRefused as refused:
            raise ValidationError(_by_line(refused.problems)) from None
        return Response(ImportReportSerializer(report).data)
