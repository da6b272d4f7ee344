"""The authoring screen: what its buttons do. Each is a form post; scripts only save the round trip."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets.actions.assets import set_review_by
from assets.actions.drafts import DraftMoved, save_draft
from assets.actions.media import add_media
from assets.actions.versions import save_version
from assets.admin.collision import collision_page, posted_collision, resolved_source
from assets.content import parse
from assets.forms.authoring import AuthoringForm, CheckBlockForm
from assets.gates.candidate import parsed
from assets.models import Asset, Draft
from assets.panels import panels_for, previews_for
from assets.policies import asset_for_edit_by_id
from assets.queries.authoring import authoring, read_draft
from assets.queries.library import comparison
from people.models import User
from people.policies import signed_in


def edit_page(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Show the draft, or do what was asked of it: save, make a version, compare, add a check or a file, release."""
    person = signed_in(request)
    asset = asset_for_edit_by_id(person, asset_id)
    if request.method == "POST":
        return _do(request, person, asset)
    return _show(request, asset)


def _show(
    request: HttpRequest,
    asset: Asset,
    *,
    form: AuthoringForm | None = None,
    check: CheckBlockForm | None = None,
    status: int = 200,
) -> HttpResponse:
    screen = authoring(asset)
    initial = AuthoringForm.initial_of(screen.draft.source, screen.draft.edit, asset)
    context = {
        "asset": asset,
        "screen": screen,
        "form": form or AuthoringForm(initial=initial),
        "check_form": check or CheckBlockForm(taken=_keys(screen.draft.source)),
        "panels": panels_for(request, asset),
        "previews": previews_for(request, asset),
        "media": asset.media.order_by("name"),
        "release_path": _release_path(asset),
        "list_path": reverse("admin:assets_asset_changelist"),
        "paths": _paths(asset),
    }
    return render(request, "assets/authoring/edit.html", context, status=status)


def _paths(asset: Asset) -> dict[str, str]:
    names = {"draft": "draft", "check": "check", "compare": "compare", "page": "change"}
    return {name: reverse(f"admin:assets_asset_{end}", args=[asset.pk]) for name, end in names.items()}


def _release_path(asset: Asset) -> str:
    return f"/releases/new/?asset={asset.key}"


def _keys(source: str) -> frozenset[str]:
    return frozenset(check.key for check in parsed(source).checks)


def _do(request: HttpRequest, person: User, asset: Asset) -> HttpResponse:
    if request.POST.get("do") == "resolve":
        return _resolve(request, person, asset)
    form = AuthoringForm(_without_outcome(request.POST))
    if not form.is_valid():
        return _show(request, asset, form=form, status=422)
    try:
        _save(person, asset, form)
        return _then(request, person, asset, form)
    except DraftMoved as moved:
        return collision_page(request, asset, moved)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _show(request, asset, form=form, status=422)


def _without_outcome(data: QueryDict) -> QueryDict:
    """The form without the outcome whose "remove" button was pressed."""
    what, _colon, key = data.get("do", "").partition(":")
    if what != "remove-outcome":
        return data
    left = data.copy()
    left.setlist("outcomes", [outcome for outcome in data.getlist("outcomes") if outcome != key])
    return left


def _save(person: User, asset: Asset, form: AuthoringForm) -> Draft:
    """Save what the form says. A text that moved meanwhile is merged by the action."""
    edit = form.cleaned_data["edit"]
    current = Draft.objects.only("source", "edit").get(pk=asset.pk)
    started_from = current.source if current.edit == edit else form.cleaned_data["base"].replace("\r\n", "\n")
    return save_draft(actor=person, asset_id=asset.pk, source=form.source(started_from), edit=edit, base=started_from)


def _then(request: HttpRequest, person: User, asset: Asset, form: AuthoringForm) -> HttpResponse:
    """What follows the saving of the draft, by the button that was pressed."""
    todo = request.POST.get("do", "draft")
    page = reverse("admin:assets_asset_change", args=[asset.pk])
    if form.cleaned_data["review_by"] != asset.review_by:
        set_review_by(actor=person, asset_ids=[asset.pk], review_by=form.cleaned_data["review_by"])
    if todo == "check":
        return _add_check(request, person, asset)
    if todo == "compare":
        chosen = {"from": request.POST.get("from", ""), "to": request.POST.get("to", "draft")}
        query = QueryDict(mutable=True)
        query.update(chosen)
        return HttpResponseRedirect(f"{reverse('admin:assets_asset_compare', args=[asset.pk])}?{query.urlencode()}")
    if todo == "media":
        return _add_file(request, person, asset, page)
    if todo in {"version", "release"}:
        _make_version(request, person, asset, form)
        return HttpResponseRedirect(_release_path(asset) if todo == "release" else page)
    if todo == "preview":
        return HttpResponseRedirect(f"{page}#preview")
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(page)


def _make_version(request: HttpRequest, person: User, asset: Asset, form: AuthoringForm) -> None:
    before = asset.versions.order_by("-number").values_list("pk", flat=True).first()
    version = save_version(
        actor=person, asset_id=asset.pk, message=form.cleaned_data["message"],
        raise_to_material=form.cleaned_data["raise_to_material"],
    )  # fmt: skip
    if version.pk == before:
        messages.success(request, _("Nothing changed since v%(number)d, so there is no new version.") % vars(version))
    else:
        messages.success(request, _("Saved as v%(number)d.") % vars(version))


def _add_check(request: HttpRequest, person: User, asset: Asset) -> HttpResponse:
    draft = Draft.objects.get(pk=asset.pk)
    check = CheckBlockForm(request.POST, taken=_keys(draft.source))
    if not check.is_valid():
        return _show(request, asset, check=check, status=422)
    source = draft.source.rstrip() + "\n\n" + check.block()
    save_draft(actor=person, asset_id=asset.pk, source=source, edit=draft.edit)
    messages.success(request, _("The check stands at the end of the text."))
    return HttpResponseRedirect(f"{reverse('admin:assets_asset_change', args=[asset.pk])}#body")


def _add_file(request: HttpRequest, person: User, asset: Asset, page: str) -> HttpResponse:
    sent = request.FILES.get("file")
    if sent is None:
        raise ValidationError(_("Choose a file first."))
    media = add_media(actor=person, asset_id=asset.pk, name=str(sent.name), data=sent.read())
    said = _("“%(name)s” is here. Show it with ![What it shows](%(name)s).") % {"name": media.name}
    messages.success(request, said)
    return HttpResponseRedirect(page)


def _resolve(request: HttpRequest, person: User, asset: Asset) -> HttpResponse:
    """The answer to a collision: for each place one side, both, or a text of one's own."""
    collision = posted_collision(request.POST)
    draft = Draft.objects.get(pk=asset.pk)
    try:
        source = resolved_source(request.POST, collision)
        edit = int(request.POST.get("edit", "0"))
        save_draft(actor=person, asset_id=asset.pk, source=source, edit=edit, base=collision.theirs)
    except DraftMoved as moved:
        return collision_page(request, asset, moved)
    except ValidationError as refused:
        return collision_page(request, asset, DraftMoved(draft, collision), said=refused.messages)
    messages.success(request, _("Saved, with what you chose."))
    return HttpResponseRedirect(reverse("admin:assets_asset_change", args=[asset.pk]))


@require_POST
def autosave(request: HttpRequest, asset_id: int) -> JsonResponse:
    """Save the draft and return what the screen shows of it: JSON with the edit counter and the changed parts as HTML.

    409 when somebody else changed the same place: the page then posts itself, and shows both.
    """
    person = signed_in(request)
    asset = asset_for_edit_by_id(person, asset_id)
    form = AuthoringForm(request.POST)
    if not form.is_valid():
        said = [message for messages_ in form.errors.values() for message in messages_]
        return JsonResponse({"errors": said}, status=422)
    try:
        draft = _save(person, asset, form)
    except DraftMoved as moved:
        return JsonResponse({"errors": moved.messages}, status=409)
    except ValidationError as refused:
        return JsonResponse({"errors": refused.messages}, status=422)
    return JsonResponse(_parts(asset, draft))


def _parts(asset: Asset, draft: Draft) -> dict[str, Any]:
    reading = read_draft(asset, draft.source)
    context = {"reading": reading, "asset": asset}
    return {
        "edit": draft.edit,
        "base": draft.source,
        "body": reading.document.body,
        "front": reading.document.front.yaml,
        "title": reading.document.meta.title,
        "lines": [{"line": f.line, "severity": f.severity} for f in reading.findings if f.line],
        "blocked": render_to_string("assets/authoring/_blocked.html", context),
        "preview": render_to_string("assets/authoring/_preview.html", context),
        "findings": render_to_string("assets/authoring/_findings.html", context),
        "change": render_to_string("assets/authoring/_change.html", context),
        "size": render_to_string("assets/authoring/_size.html", context),
    }


@require_POST
def check_block(request: HttpRequest, asset_id: int) -> JsonResponse:
    """The text of the check that the form asks for, to be put where the cursor is; 422 with what to put right."""
    asset = asset_for_edit_by_id(signed_in(request), asset_id)
    taken = frozenset(check.key for check in parse(request.POST.get("front_and_body", ""), strict=False).checks)
    form = CheckBlockForm(request.POST, taken=taken | _keys(Draft.objects.get(pk=asset.pk).source))
    if not form.is_valid():
        errors = [f"{form.fields[name].label}: {text}" for name, texts in form.errors.items() for text in texts]
        return JsonResponse({"errors": errors}, status=422)
    return JsonResponse({"block": form.block()})


@require_safe
def compare_page(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Two versions, or a version and the draft, side by side: as read, as text, check by check."""
    asset = asset_for_edit_by_id(signed_in(request), asset_id)
    found = comparison(asset, request.GET.get("from", ""), request.GET.get("to", "draft"))
    crumbs = [
        (_("Library"), reverse("admin:assets_asset_changelist")),
        (asset.title, reverse("admin:assets_asset_change", args=[asset.pk])),
    ]
    return render(request, "assets/authoring/compare.html", {"asset": asset, "found": found, "crumbs": crumbs})
