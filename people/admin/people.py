"""People: list, form, password, import."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.actions.audit import write_audit
from people.actions.import_people import ImportRefused, ImportReport
from people.actions.import_rows import ATTRIBUTE, COLUMNS, REQUIRED
from people.actions.people import create_person, deactivate_person, grant_groups, reactivate_person, update_person
from people.admin.capability import CapabilityAdmin
from people.capabilities import Capability
from people.forms import PREFIX, ImportForm, PersonForm
from people.importers.people_csv import import_people_csv
from people.models import AttributeDefinition, User

_SHOWN = 200


@admin.register(User)
class PersonAdmin(CapabilityAdmin, UserAdmin):  # type: ignore[type-arg]
    """People are deactivated, never deleted: the record refers to them."""

    view_capability = Capability.OPERATE
    add_capability = Capability.OPERATE
    change_capability = Capability.OPERATE
    form = PersonForm
    add_form = PersonForm
    list_display = ("username", "first_name", "last_name", "team", "job_role", "region", "is_active")
    list_filter = ("is_active", "team", "groups", "region")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("first_name", "last_name", "username")
    filter_horizontal = ()
    actions = ("deactivate",)
    change_list_template = "admin/people/people.html"
    change_form_template = "admin/people/person.html"
    list_per_page = 50

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        attributes = [PREFIX + key for key in AttributeDefinition.objects.values_list("key", flat=True)]
        sections = [
            (None, {"fields": ("username", "first_name", "last_name", "email", "is_active")}),
            (_("At work"), {"fields": ("team", "job_role", "region", "locale", "timezone", "start_date")}),
            (_("May"), {"fields": ("groups",)}),
        ]
        return sections + ([(_("Attributes"), {"fields": tuple(attributes)})] if attributes else [])

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The attribute fields are made by the form itself; Django would look for them on the model.
        return super().get_form(request, obj, change=change, **{**kwargs, "fields": PersonForm.Meta.fields})

    def save_model(self, request: HttpRequest, obj: User, form: PersonForm, change: bool) -> None:
        actor, cleaned = self.person(request), form.cleaned_data
        groups, active = list(cleaned["groups"]), cleaned["is_active"]
        fields = {name: cleaned[name] for name in PersonForm.Meta.fields if name not in {"groups", "is_active"}}
        fields["attributes"] = cleaned["attributes"]
        if change:
            update_person(actor=actor, person_id=obj.pk, **fields)
            grant_groups(actor=actor, person_id=obj.pk, groups=groups)
        else:
            obj.pk = create_person(actor=actor, groups=groups, **fields).pk
            obj._state.adding = False
        (reactivate_person if active else deactivate_person)(actor=actor, person_id=obj.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the action gave the groups."""

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's name
        """Django's page for setting a password, with an entry in the trail."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                write_audit(
                    actor=self.person(request), action="person.password_set", object_type="person", object_key=id
                )
        return response

    @admin.action(description=_("Deactivate the chosen people"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset)
        try:
            with transaction.atomic():
                for person in people:
                    deactivate_person(actor=self.person(request), person_id=person.pk)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return
        said = ngettext("%(count)d person deactivated.", "%(count)d people deactivated.", len(people))
        self.message_user(request, said % {"count": len(people)}, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.import_view)
        return [path("import/", page, name="people_user_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload a CSV file: `do=try` shows what would change, `do=import` does it."""
        if not self.has_add_permission(request):
            raise PermissionDenied(_now("Only operators import people."))
        form = ImportForm(request.POST or None, request.FILES or None)
        refused, report = None, None
        if request.method == "POST" and form.is_valid():
            try:
                report = self._import(request, form)
            except ImportRefused as error:
                refused = error
            except ValidationError as error:
                form.add_error(None, error)
        if report is not None and not report.dry_run:
            self.message_user(request, _summary(report), messages.SUCCESS)
            return HttpResponseRedirect("../")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import people"),
            "opts": self.opts,
            "form": form,
            "problems": refused.problems[:_SHOWN] if refused else (),
            "problem_count": len(refused.problems) if refused else 0,
            "report": report,
            "summary": _summary(report) if report else "",
            "changes": report.changes[:_SHOWN] if report else (),
            "required": REQUIRED,
            "optional": COLUMNS[len(REQUIRED) :],
            "attributes": [ATTRIBUTE + key for key in AttributeDefinition.objects.values_list("key", flat=True)],
        }
        return TemplateResponse(request, "admin/people/import.html", context, status=400 if refused else 200)

    def _import(self, request: HttpRequest, form: ImportForm) -> ImportReport:
        return import_people_csv(
            actor=self.person(request),
            data=form.cleaned_data["file"].read(),
            partial=form.cleaned_data["partial"],
            deactivate_missing=form.cleaned_data["deactivate_missing"],
            dry_run=request.POST.get("do") != "import",
        )


def _summary(report: ImportReport) -> str:
    return _now(
        "%(created)d made, %(updated)d changed, %(deactivated)d deactivated, %(reactivated)d reactivated, "
        "%(unchanged)d unchanged."
    ) % {
        "created": report.count("created"),
        "updated": report.count("updated"),
        "deactivated": report.count("deactivated"),
        "reactivated": report.count("reactivated"),
        "unchanged": report.unchanged,
    }
