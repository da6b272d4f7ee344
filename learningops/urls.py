"""Every address of the site. tests/test_permissions.py holds each of them against each role."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from learningops.health import healthz
from learningops.views.appearance import choose_appearance

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("appearance/", choose_appearance, name="appearance"),
    path("admin/", admin.site.urls),
    path("api/", include("learningops.rest")),
    path("", include("assets.urls")),
    path("", include("delivery.urls")),
    path("", include("dashboards.urls")),
]

handler400 = "learningops.views.errors.bad_request"
handler403 = "learningops.views.errors.permission_denied"
handler404 = "learningops.views.errors.not_found"
handler500 = "learningops.views.errors.server_error"

if settings.DEMO or settings.DEBUG:
    from learningops.views.look import states

    urlpatterns.append(path("_look/", states, name="look"))
