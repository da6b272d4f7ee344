"""Statements over the API: one's own, and for operators all."""

import copy
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from people.policies import signed_in
from people.rest.permissions import SignedIn
from telemetry.models import Statement
from telemetry.policies import sees_response, statement_for_reading, statements_for_reading
from telemetry.rest.filters import StatementFilter


class StatementPages(CursorPagination):
    """Newest first, by a cursor: statements arrive while somebody reads. `?page_size=` up to 200."""

    ordering = ("-stored", "-seq")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class StatementSerializer(serializers.Serializer[Statement]):
    """A statement as it was written, with when it was stored and whether it is a client's claim."""

    id = serializers.UUIDField()
    stored = serializers.DateTimeField()
    claimed = serializers.BooleanField(help_text="A client says so: recorded, never counted.")
    statement = serializers.SerializerMethodField(help_text="xAPI 1.0.3. Others' answers are left out.")

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_statement(self, row: Statement) -> dict[str, Any]:
        statement: dict[str, Any] = copy.deepcopy(row.raw)
        statement["stored"] = row.stored.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if not sees_response(signed_in(self.context["request"]), row):
            statement.get("result", {}).pop("response", None)
        return statement


@extend_schema(tags=["record"])
class StatementViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Statement]):
    """What is recorded about you; for operators, everything that is recorded. Nothing here can be changed."""

    serializer_class = StatementSerializer
    permission_classes = (SignedIn,)
    pagination_class = StatementPages
    filterset_class = StatementFilter
    lookup_value_regex = r"[0-9a-fA-F-]{36}"
    lookup_value_converter = "uuid"
    queryset = Statement.objects.none()

    def get_queryset(self) -> QuerySet[Statement]:
        if getattr(self, "swagger_fake_view", False):
            return Statement.objects.none()
        return statements_for_reading(signed_in(self.request))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One statement by its id."""
        return Response(self.get_serializer(statement_for_reading(signed_in(request), UUID(str(pk)))).data)
