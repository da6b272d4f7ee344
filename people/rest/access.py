"""Tokens and the audit trail over the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from people.actions.tokens import create_token, revoke_token
from people.capabilities import Capability
from people.models import ApiToken, AuditEntry
from people.policies import signed_in
from people.rest.filters import AuditFilter
from people.rest.permissions import SignedIn, needs
from people.rest.serializers import AuditEntrySerializer, NewTokenSerializer, TokenSerializer


@extend_schema(tags=["access"])
@extend_schema_view(list=extend_schema(description="Your own tokens, without the tokens themselves."))
class TokenViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ApiToken]):
    serializer_class = TokenSerializer
    permission_classes = (SignedIn,)
    lookup_value_regex = r"[0-9]+"
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> QuerySet[ApiToken]:
        if getattr(self, "swagger_fake_view", False):
            return ApiToken.objects.none()
        return signed_in(self.request).api_tokens.all()

    @extend_schema(responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token that acts as you. This answer is the only place that shows it."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = signed_in(request)
        row, token = create_token(actor=user, user=user, name=serializer.validated_data["name"])
        row.token = token  # type: ignore[attr-defined]
        return Response(NewTokenSerializer(row).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a token: it stops working at once and for good."""
        revoke_token(actor=signed_in(request), token_id=self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["access"])
class AuditViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AuditEntry]):
    """What was done and by whom, newest first. It cannot be changed."""

    serializer_class = AuditEntrySerializer
    permission_classes = (needs(read=[Capability.OPERATE], write=[Capability.OPERATE]),)
    filterset_class = AuditFilter
    lookup_value_regex = r"[0-9]+"
    queryset = AuditEntry.objects.select_related("actor")
