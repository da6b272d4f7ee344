"""API tokens and the audit trail."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.actions.tokens import create_token, revoke_token
from people.admin.capability import CapabilityAdmin
from people.capabilities import Capability
from people.forms import TokenForm
from people.models import ApiToken, AuditEntry


@admin.register(ApiToken)
class TokenAdmin(CapabilityAdmin):
    """A token is shown once, on the page that answers its making. Its digest is never shown."""

    add_capability = Capability.OPERATE
    form = TokenForm
    fields = ("user", "name")
    list_display = ("name", "user", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "user__username")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else ("user", "name", "created_at", "last_used_at", "revoked_at")

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        given = form.cleaned_data
        row, token = create_token(actor=self.person(request), user=given["user"], name=given["name"])
        obj.pk = row.pk
        obj._state.adding = False
        request.new_token = token  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "opts": self.opts,
            "row": obj,
            "token": request.new_token,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/people/token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Asked by the action below."""
        return self.has_add_permission(request)

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        tokens = list(queryset)
        for token in tokens:
            revoke_token(actor=self.person(request), token_id=token.pk)
        said = ngettext("%(count)d token revoked.", "%(count)d tokens revoked.", len(tokens))
        self.message_user(request, said % {"count": len(tokens)}, messages.SUCCESS)


@admin.register(AuditEntry)
class AuditAdmin(CapabilityAdmin):
    """What was done and by whom. To be read only: the database refuses anything else."""

    fields = ("at", "actor", "action", "object_type", "object_key", "details")
    readonly_fields = fields
    list_display = ("at", "actor", "action", "object_type", "object_key")
    list_select_related = ("actor",)
    list_filter = ("at", "object_type", "action")
    search_fields = ("object_key__startswith", "actor__username")
    ordering = ("-id",)

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(entry.data, indent=2, ensure_ascii=False, sort_keys=True))
