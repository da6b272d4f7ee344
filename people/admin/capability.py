"""Admin pages that ask capabilities and write through actions."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse

from people.capabilities import Capability
from people.models import User

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelAdmin = admin.ModelAdmin
    _ModelForm = forms.ModelForm


class CapabilityAdmin(_ModelAdmin):
    """A ModelAdmin whose permissions are capabilities, never Django's; None means nobody.

    Write in `save_model` and `delete_model` through the actions. What an action refuses (ValidationError) is shown in
    the form, with all that was typed; nothing is written then. `self.person(request)` is who is acting.
    """

    view_capability: ClassVar[Capability | None] = Capability.OPERATE
    add_capability: ClassVar[Capability | None] = None
    change_capability: ClassVar[Capability | None] = None
    delete_capability: ClassVar[Capability | None] = None
    show_full_result_count = False

    def person(self, request: HttpRequest) -> User:
        """Who is acting. The admin site lets nobody else in."""
        assert isinstance(request.user, User)
        return request.user

    def _holds(self, request: HttpRequest, capability: Capability | None) -> bool:
        return capability is not None and isinstance(request.user, User) and request.user.can(capability)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.view_capability)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._holds(request, self.view_capability)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.add_capability)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._holds(request, self.change_capability)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._holds(request, self.delete_capability)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's bulk delete, which would go round the actions."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:
            # Django rolled back. The second round finds the form invalid, so it shows it again with the reason.
            request.refused = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refused = getattr(request, "refused", None)
        return form if refused is None else _refusing(form, refused)


def _refusing(base: type[_ModelForm], refused: ValidationError) -> type[_ModelForm]:
    class Refusing(base):  # type: ignore[valid-type, misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            by_field = refused.message_dict if hasattr(refused, "error_dict") else {None: refused.messages}
            for name, messages in by_field.items():
                self.add_error(name if name in self.fields else None, messages)
            return cleaned

    return Refusing
