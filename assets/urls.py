"""Pages of assets. Authoring lies below /admin/assets/asset/ (assets.admin)."""

from django.urls import URLPattern, URLResolver, include, path

from assets.views.media import media

urlpatterns: list[URLPattern | URLResolver] = [
    path("media/<str:sha256>/<str:name>", media, name="media"),
    path("review/", include(("assets.views.review_urls", "assets"))),
]
