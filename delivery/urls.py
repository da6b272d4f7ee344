"""The portal's pages and the release pages."""

from django.urls import include, path

from delivery.views.unsubscribe import Unsubscribe

app_name = "delivery"

urlpatterns = [
    path("", include("delivery.portal.urls")),
    path("unsubscribe/<str:token>/", Unsubscribe.as_view(), name="unsubscribe"),
    path("releases/", include("delivery.views.release_urls")),
]
