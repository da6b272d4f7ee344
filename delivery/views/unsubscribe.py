"""One click out of an email (RFC 8058): no sign-in, and a GET changes nothing, because scanners fetch links."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from delivery.actions.targets import subscribe_again, unsubscribe
from delivery.channels.announcement import target_of_token
from delivery.models import Target


@method_decorator(csrf_exempt, name="dispatch")  # the signed link is the proof; mail providers post without a cookie
class Unsubscribe(View):
    """`/unsubscribe/<token>/`: GET shows what would happen, POST does it; POST with `again` undoes it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The page. 1 query."""
        return _page(request, target_of_token(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Unsubscribe, or subscribe again. 4 queries."""
        target = target_of_token(token)
        if target is not None:
            act = subscribe_again if "again" in request.POST else unsubscribe
            act(target_id=target.pk)
            target.refresh_from_db(fields=["unsubscribed_at"])
        return _page(request, target)


def _page(request: HttpRequest, target: Target | None) -> HttpResponse:
    return render(request, "delivery/unsubscribe.html", {"target": target}, status=200 if target else 404)
