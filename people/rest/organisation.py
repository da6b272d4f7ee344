"""Teams, groups and attributes over the API."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from people.actions.attributes import declare_attribute, update_attribute, withdraw_attribute
from people.actions.groups import delete_group, save_group
from people.actions.teams import create_team, delete_team, move_team, rename_team, set_managers
from people.capabilities import Capability
from people.models import AttributeDefinition, Team
from people.policies import signed_in, teams_visible_to
from people.rest.filters import TeamFilter
from people.rest.permissions import needs
from people.rest.serializers import AttributeSerializer, GroupSerializer, TeamSerializer

_OPERATORS_WRITE = (needs(read=None, write=[Capability.OPERATE]),)


@extend_schema(tags=["people"])
class TeamViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Team]):
    """The team tree. Managers and learners see their own part of it."""

    serializer_class = TeamSerializer
    permission_classes = _OPERATORS_WRITE
    filterset_class = TeamFilter
    lookup_field = "key"
    lookup_value_regex = r"[\w-]+"
    queryset = Team.objects.none()

    def get_queryset(self) -> QuerySet[Team]:
        if getattr(self, "swagger_fake_view", False):
            return Team.objects.none()
        return teams_visible_to(signed_in(self.request)).prefetch_related("managers")

    def create(self, request: Request) -> Response:
        """Make a team."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        team = create_team(actor=signed_in(request), **serializer.validated_data)
        return Response(self.get_serializer(team).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, key: str) -> Response:
        """Rename, move, or name other managers; the key stays."""
        team = self.get_object()
        serializer = self.get_serializer(team, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        actor, given = signed_in(request), serializer.validated_data
        with transaction.atomic():
            if "name" in given:
                rename_team(actor=actor, team_id=team.pk, name=given["name"])
            if "parent" in given:
                parent = given["parent"]
                move_team(actor=actor, team_id=team.pk, parent_id=parent.pk if parent else None)
            if "managers" in given:
                set_managers(actor=actor, team_id=team.pk, managers=given["managers"])
        return Response(self.get_serializer(self.get_object()).data)

    def destroy(self, request: Request, key: str) -> Response:
        """Delete a team that is empty."""
        delete_team(actor=signed_in(request), team_id=self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["people"])
class AttributeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AttributeDefinition]):
    """Declared attributes of people: what rules can ask beside team, role and region."""

    serializer_class = AttributeSerializer
    permission_classes = _OPERATORS_WRITE
    filterset_fields = ("type", "sensitive")
    lookup_field = "key"
    lookup_value_regex = r"[\w-]+"
    queryset = AttributeDefinition.objects.all()

    def create(self, request: Request) -> Response:
        """Declare an attribute."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        definition = declare_attribute(actor=signed_in(request), value_type=given.pop("type"), **given)
        return Response(self.get_serializer(definition).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, key: str) -> Response:
        """Change label, sensitivity, and the type while nobody has a value. The key stays."""
        definition = self.get_object()
        serializer = self.get_serializer(definition, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        definition = update_attribute(
            actor=signed_in(request),
            definition_id=definition.pk,
            label=given.get("label", definition.label),
            sensitive=given.get("sensitive", definition.sensitive),
            value_type=given.get("type"),
        )
        return Response(self.get_serializer(definition).data)

    def destroy(self, request: Request, key: str) -> Response:
        """Take the declaration and every person's value away."""
        withdraw_attribute(actor=signed_in(request), definition_id=self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["people"])
class GroupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Group]):
    """Groups and the capabilities that being in one gives."""

    serializer_class = GroupSerializer
    permission_classes = (needs(read=[Capability.OPERATE], write=[Capability.OPERATE]),)
    queryset = Group.objects.prefetch_related("capabilities").order_by("name")
    lookup_value_regex = r"[0-9]+"

    def create(self, request: Request) -> Response:
        """Make a group."""
        return Response(self._save(request, None), status=status.HTTP_201_CREATED)

    def update(self, request: Request, pk: str) -> Response:
        """Name the group and give it exactly these capabilities."""
        return Response(self._save(request, self.get_object()))

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a group that nobody is in."""
        delete_group(actor=signed_in(request), group_id=self.get_object().pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _save(self, request: Request, group: Group | None) -> dict[str, Any]:
        serializer = self.get_serializer(group, data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        saved = save_group(
            actor=signed_in(request),
            group_id=group.pk if group else None,
            name=given["name"],
            capabilities=[Capability(value) for value in given["capabilities"]],
        )
        return dict(self.get_serializer(Group.objects.prefetch_related("capabilities").get(pk=saved.pk)).data)
