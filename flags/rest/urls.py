"""Routes of flags under /api/v1/."""

from rest_framework.routers import SimpleRouter

from flags.rest.views import AudienceViewSet, FlagViewSet

router = SimpleRouter()
router.register("audiences", AudienceViewSet, basename="audience")
router.register("flags", FlagViewSet, basename="flag")

urlpatterns = router.urls
