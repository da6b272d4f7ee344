"""The portal's pages and the release pages."""

from django.urls import include, path

app_name = "delivery"

urlpatterns = [
    path("", include("delivery.portal.urls")),
    path("releases/", include("delivery.views.release_urls")),
]
