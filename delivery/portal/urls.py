"""Addresses of the portal."""

from django.urls import path, re_path

from assets.models.asset import ASSET_KEY
from delivery.portal.views import asset, beacon, checks, feedback, pathways, search, today

KEY = f"(?P<key>{ASSET_KEY})"

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("paths/", pathways.pathway_list, name="pathways"),
    re_path(rf"^paths/{KEY}/$", pathways.pathway, name="pathway"),
    path("beacon/", beacon.beacon, name="beacon"),
    path("practice/", checks.practice, name="practice"),
    re_path(rf"^a/{KEY}/checks/(?P<check>[a-z0-9][a-z0-9-]*)/$", checks.answer, name="answer"),
    re_path(rf"^a/{KEY}/useful/$", feedback.useful, name="useful"),
    re_path(rf"^a/{KEY}/flag/$", feedback.flag, name="flag"),
    re_path(rf"^a/{KEY}/suggest/$", feedback.suggest, name="suggest"),
    re_path(rf"^a/{KEY}/changes/$", asset.changes, name="changes"),
    re_path(rf"^a/{KEY}/$", asset.asset_page, name="asset"),
]
