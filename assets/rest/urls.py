"""Routes of assets under /api/v1/. Suggestions and review flags are routed by delivery, which knows who opens what."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from assets.models.asset import ASSET_KEY
from assets.rest.compare import CompareView
from assets.rest.library import AssetViewSet, DraftView, VersionViewSet, WhereUsedView
from assets.rest.media import AssetMediaView, ContentImportView
from assets.rest.outcomes import CollectionViewSet, FrameworkViewSet, OutcomeViewSet

router = SimpleRouter()
router.register("assets", AssetViewSet, "api-asset")
router.register("versions", VersionViewSet, "version")
router.register("collections", CollectionViewSet, "collection")
router.register("frameworks", FrameworkViewSet, "framework")
router.register("outcomes", OutcomeViewSet, "outcome")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    re_path(rf"^drafts/(?P<key>{ASSET_KEY})/$", DraftView.as_view(), name="draft"),
    re_path(rf"^where-used/(?P<key>{ASSET_KEY})/$", WhereUsedView.as_view(), name="where-used"),
    re_path(rf"^media/(?P<key>{ASSET_KEY})/$", AssetMediaView.as_view(), name="api-media"),
    re_path(rf"^compare/(?P<key>{ASSET_KEY})/$", CompareView.as_view(), name="api-compare"),
    path("content-import/", ContentImportView.as_view(), name="content-import"),
]
