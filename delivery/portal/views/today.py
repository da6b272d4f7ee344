"""Today: the first page of the day, on a phone between two meetings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from assets.queries.pages import version_page
from delivery.portal.shown import ShownCheck, show_check
from delivery.queries import today as queries
from people.policies import signed_in

NOON, EVENING = 12, 18


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What is for me, due, changed and answered."""
    user = signed_in(request)
    found = queries.today(user)
    check = _practice(found)
    context = {
        "today": found,
        "check": check,
        "due": found.due[0] if check else None,
        "greeting": _greeting(user.first_name or user.username),
        "lede": _lede(found),
        "cap": queries.DAILY_CAP,
        "practised": min(found.practised, queries.DAILY_CAP),
        "pips": [n < found.practised for n in range(queries.DAILY_CAP)],
        "waiting": max(len(found.due) - found.left, 0),
        "now": timezone.localtime(),
    }
    return render(request, "portal/today.html", context)


def _practice(found: queries.Today) -> ShownCheck | None:
    """The next question, as an open form: what was answered before is not shown, or it would be no practice."""
    if not found.left:
        return None
    due = found.due[0]
    page = version_page(due.version_id)
    return show_check(due.asset_key, page.checks[due.key], None)


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _lede(found: queries.Today) -> str:
    if found.left:
        return ngettext(
            "One short question left, then practice is done for today.",
            "%(count)d short questions, then practice is done for today.",
            found.left,
        ) % {"count": found.left}
    total = len(found.for_you) + found.more_for_you
    if total:
        return ngettext("One thing is waiting for you.", "%(count)d things are waiting for you.", total) % {
            "count": total
        }
    return _("Nothing is waiting. Look something up whenever you need it.")
