"""A new release: which version, to whom, through what; then one look at whom it reaches; then it ships."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assets.actions.waivers import waive_gate
from assets.gates import run_gates_on_version
from assets.models import Asset, Version, Waiver
from delivery.actions.releases import ReleaseBlocked, ship_release
from delivery.forms import ShipForm
from delivery.policies import asset_for_release, require_reach
from delivery.queries.release_page import channel_kinds
from flags.engine import Rule, conditions, rule_to_json
from flags.forms import RuleBuilder
from flags.policies import shown_count
from flags.queries import count_members, rule_sentence
from people.capabilities import Capability
from people.models import AttributeDefinition, User
from people.policies import needs, require, signed_in

MOST_VERSIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Capability.RELEASE)
def new_release(request: HttpRequest) -> HttpResponse:
    """`?asset=key[&version=3]`. Posts with do=look (whom would it reach?), do=waive (a gate) or do=ship."""
    user = signed_in(request)
    asset = asset_for_release(user, request.GET.get("asset", ""))
    versions = list(
        Version.objects.filter(asset=asset).order_by("-number").only("pk", "number", "title", "message")[:MOST_VERSIONS]
    )
    if not versions:
        return render(request, "delivery/releases/no_version.html", {"asset": asset})
    if request.POST.get("do") == "waive":
        return _waive(request, user, asset, versions)
    data = request.POST if request.method == "POST" else None
    form = ShipForm(
        data,
        versions=[(v.number, _label(v)) for v in versions],
        kinds=channel_kinds(),
        initial={"version": _asked_version(request, versions), "percent": 100},
    )
    builder = RuleBuilder(data)
    context = {"asset": asset, "form": form, "builder": builder}
    if data is None or builder.wants_more or not _both_valid(form, builder):
        return _show(request, user, context, versions)
    rule = builder.to_rule()
    if data.get("do") == "ship":
        done = _ship(request, user, form, rule, versions)
        if done is not None:
            return done
    return _show(request, user, context | {"reach": _reach(user, rule, form.hundredths())}, versions)


def _both_valid(form: ShipForm, builder: RuleBuilder) -> bool:
    """Ask both, so that all errors are shown at once."""
    answers = [form.is_valid(), builder.is_valid()]
    return all(answers)


def _label(version: Version) -> str:
    return f"v{version.number}: {version.message}" if version.message else f"v{version.number}"


def _asked_version(request: HttpRequest, versions: list[Version]) -> int:
    asked = request.GET.get("version", "")
    numbers = [version.number for version in versions]
    return int(asked) if asked.isdecimal() and int(asked) in numbers else numbers[0]


def _chosen(request: HttpRequest, versions: list[Version]) -> Version:
    """The version whose gates the page shows: the posted one, else the one asked for."""
    posted = request.POST.get("version", "")
    number = int(posted) if posted.isdecimal() else _asked_version(request, versions)
    return next((version for version in versions if version.number == number), versions[0])


def _show(request: HttpRequest, user: User, context: dict[str, Any], versions: list[Version]) -> HttpResponse:
    version = _chosen(request, versions)
    findings = run_gates_on_version(version.pk)
    waived = set(Waiver.objects.filter(version=version).values_list("gate", flat=True))
    blocks = [finding for finding in findings if finding.blocks and finding.code not in waived]
    context |= {
        "version": version,
        "blocks": blocks,
        "warns": [finding for finding in findings if not finding.blocks],
        "waived": sorted(waived),
        "may_waive": user.can(Capability.WAIVE),
    }
    status = 422 if request.method == "POST" and not context.get("reach") else 200
    return render(request, "delivery/releases/new.html", context, status=status)


def _reach(user: User, rule: Rule, hundredths: int) -> dict[str, Any]:
    """Whom the release would reach: the rule in words and how many, guarded as counts are."""
    count = count_members(rule)
    fields = {condition.field.name for condition in conditions(rule)}
    sensitive = AttributeDefinition.objects.filter(key__in=fields, sensitive=True).exists()
    return {
        "sentence": rule_sentence(rule),
        "shown": shown_count(user, count, sensitive=sensitive),
        "percent": hundredths / 100,
        "partial": hundredths < 10_000,
    }


def _ship(request: HttpRequest, user: User, form: ShipForm, rule: Rule, versions: list[Version]) -> HttpResponse | None:
    """Ship it; None when it was refused, with the reason in the messages."""
    version = next(v for v in versions if v.number == form.cleaned_data["version"])
    stored = rule_to_json(rule)
    require_reach(user, stored, form.hundredths())
    try:
        release = ship_release(
            actor=user,
            version_id=version.pk,
            rule=stored,
            percentage_hundredths=form.hundredths(),
            channels=form.cleaned_data["channels"],
            note=form.cleaned_data["note"],
        )
    except ReleaseBlocked:
        messages.error(request, _("Not released. A finding blocks it: see the gates below."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Released. Messages are on their way."))
        return redirect("delivery:release", release.pk)
    return None


def _waive(request: HttpRequest, user: User, asset: Asset, versions: list[Version]) -> HttpResponse:
    require(user, Capability.WAIVE)
    version = _chosen(request, versions)
    try:
        waive_gate(
            actor=user,
            version_id=version.pk,
            gate=request.POST.get("gate", ""),
            reason=request.POST.get("reason", "").strip(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Waived, with your reason on record."))
    return redirect(f"{request.path}?asset={asset.key}&version={version.number}")
