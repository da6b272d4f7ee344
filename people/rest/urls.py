"""Routes of people under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from people.rest import schema  # noqa: F401 - tells drf-spectacular of our tokens
from people.rest.access import AuditViewSet, TokenViewSet
from people.rest.organisation import AttributeViewSet, GroupViewSet, TeamViewSet
from people.rest.people import MeView, PeopleImportView, PersonViewSet

router = SimpleRouter()
router.register("people", PersonViewSet, "person")
router.register("teams", TeamViewSet, "team")
router.register("attributes", AttributeViewSet, "attribute")
router.register("groups", GroupViewSet, "group")
router.register("tokens", TokenViewSet, "token")
router.register("audit", AuditViewSet, "audit")

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", MeView.as_view(), name="me"),
    path("people-import/", PeopleImportView.as_view(), name="people-import"),
    path("", include(router.urls)),
]
