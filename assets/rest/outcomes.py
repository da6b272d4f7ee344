"""Collections, frameworks and outcomes over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.serializers import BaseSerializer

from assets.actions.outcomes import save_collection, save_framework, save_outcome
from assets.models import Collection, Framework, Outcome
from assets.models.asset import ASSET_KEY
from assets.rest.filters import OutcomeFilter
from assets.rest.serializers import CollectionSerializer, FrameworkSerializer, OutcomeSerializer
from people.capabilities import Capability
from people.policies import signed_in
from people.rest.permissions import needs

READERS = [Capability.EDIT, Capability.FIGURES_BY_TEAM]


class _Kept(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Any],
):
    """Listed, read, made and changed; never deleted, because texts and evidence name them."""

    lookup_field = "key"
    http_method_names = ("get", "head", "options", "post", "patch")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        self._save(serializer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        # The key is what texts and addresses name: it stays.
        getattr(serializer, "validated_data", {}).pop("key", None)
        self._save(serializer)

    def _save(self, serializer: BaseSerializer[Any]) -> None:
        row = serializer.instance or self.get_queryset().model()
        for name, value in serializer.validated_data.items():
            setattr(row, name, value)
        serializer.instance = self.keep(row)

    def keep(self, row: Any) -> Any:
        raise NotImplementedError


@extend_schema(tags=["library"])
class CollectionViewSet(_Kept):
    """Collections of assets, with how strict their gates are."""

    permission_classes = (needs(read=[Capability.EDIT], write=[Capability.ALL_COLLECTIONS]),)
    queryset = Collection.objects.select_related("lead")
    serializer_class = CollectionSerializer
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def keep(self, row: Any) -> Collection:
        return save_collection(actor=signed_in(self.request), collection=row)


@extend_schema(tags=["library"])
class FrameworkViewSet(_Kept):
    """Frameworks of outcomes."""

    permission_classes = (needs(read=READERS, write=[Capability.ALL_COLLECTIONS]),)
    queryset = Framework.objects.all()
    serializer_class = FrameworkSerializer
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def keep(self, row: Any) -> Framework:
        return save_framework(actor=signed_in(self.request), framework=row)


@extend_schema(tags=["library"])
class OutcomeViewSet(_Kept):
    """Outcomes: what somebody can be seen to do."""

    permission_classes = (needs(read=READERS, write=[Capability.EDIT]),)
    queryset = Outcome.objects.select_related("framework", "parent")
    serializer_class = OutcomeSerializer
    filterset_class = OutcomeFilter
    lookup_value_regex = ASSET_KEY

    def keep(self, row: Any) -> Outcome:
        return save_outcome(actor=signed_in(self.request), outcome=row)
