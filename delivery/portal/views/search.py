"""Search inside content."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from delivery.queries.search import PER_PAGE
from delivery.queries.search import search as find
from people.policies import signed_in


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """`?q=refund&page=2`."""
    text = request.GET.get("q", "").strip()
    number = request.GET.get("page", "")
    page = min(int(number), 1000) if number.isdecimal() and number.isascii() and len(number) < 6 else 1
    found = find(signed_in(request), text, page=max(page, 1))
    pages = Paginator(range(found.total), PER_PAGE)
    return render(request, "portal/search.html", {"q": text, "found": found, "page_obj": pages.get_page(page)})
