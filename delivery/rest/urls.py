"""Routes of delivery under /api/v1/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from delivery.rest.channels import ChannelViewSet, DeliveryViewSet, TargetViewSet

router = SimpleRouter()
router.register("channels", ChannelViewSet, basename="channel")
router.register("targets", TargetViewSet, basename="target")
router.register("deliveries", DeliveryViewSet, basename="delivery")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
