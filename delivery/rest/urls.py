"""Routes of delivery under /api/v1/."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from assets.models.asset import ASSET_KEY
from delivery.rest.channels import ChannelViewSet, DeliveryViewSet, TargetViewSet
from delivery.rest.portal import AnswersView, OpenAssetView, SearchView, TodayView
from delivery.rest.releases import DecisionsView, ReleaseViewSet
from delivery.rest.review import ReviewFlagViewSet, SuggestionViewSet

router = SimpleRouter()
router.register("channels", ChannelViewSet, basename="channel")
router.register("targets", TargetViewSet, basename="target")
router.register("deliveries", DeliveryViewSet, basename="delivery")

router.register("releases", ReleaseViewSet, basename="release")
router.register("suggestions", SuggestionViewSet, basename="suggestion")
router.register("review-flags", ReviewFlagViewSet, basename="review-flag")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("decisions/", DecisionsView.as_view(), name="decisions"),
    path("today/", TodayView.as_view(), name="api-today"),
    path("search/", SearchView.as_view(), name="api-search"),
    re_path(rf"^open-assets/(?P<key>{ASSET_KEY})/$", OpenAssetView.as_view(), name="open-asset"),
    path("answers/", AnswersView.as_view(), name="answers"),
]
