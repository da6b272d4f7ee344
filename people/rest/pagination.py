"""One kind of page for every list of the API."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=2&page_size=100`: `count`, `next`, `previous`, `results`. At most 200 a page."""

    page_size_query_param = "page_size"
    max_page_size = 200
