"""The one admin site. Apps register on it with `@admin.register`, through Django's default site."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from people.capabilities import ADMIN_CAPABILITIES, Capability
from people.models import User


class Site(AdminSite):
    site_header = "LearningOps"
    site_title = "LearningOps"
    index_title = _("Library")
    enable_nav_sidebar = False
    login_form = AuthenticationForm  # who may come in is a matter of capabilities, not of Django's staff flag

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page, called what the reader does here: write, or run the place."""
        user = request.user
        writes = isinstance(user, User) and user.can(Capability.EDIT)
        title = self.index_title if writes else _("Administration")
        return super().index(request, {"title": title, **(extra_context or {})})

    def has_permission(self, request: HttpRequest) -> bool:
        """Anyone with a capability that has pages here; each page asks for its own capability again."""
        user = request.user
        return isinstance(user, User) and user.is_active and bool(user.capabilities & ADMIN_CAPABILITIES)
