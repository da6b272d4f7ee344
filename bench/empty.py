"""The peer of the page: a Django view that says nothing, with no middleware and no apps, in the same server."""

import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.empty_settings"


def nothing(_request: HttpRequest) -> HttpResponse:
    """An empty answer."""
    return HttpResponse()


urlpatterns = [path("", nothing)]
application = get_wsgi_application()
