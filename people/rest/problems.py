"""Errors of the API as problem details (RFC 9457)."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Conflict(exceptions.APIException):
    """409: what the request was based on has moved."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


# Errors about a whole object, as DRF and Django's models name them.
_WHOLE = frozenset({"non_field_errors", NON_FIELD_ERRORS})


def _errors(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    """Flatten DRF's nested detail into `[{"pointer": "/rule/all/0", "detail": "…"}]`."""
    if isinstance(detail, dict):
        return [
            e for key, value in detail.items() for e in _errors(value, pointer if key in _WHOLE else f"{pointer}/{key}")
        ]
    if isinstance(detail, list):
        nested = any(isinstance(item, dict | list) for item in detail)
        return [e for i, item in enumerate(detail) for e in _errors(item, f"{pointer}/{i}" if nested else pointer)]
    return [{"pointer": pointer or "/", "detail": str(detail)}]


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: `application/problem+json` with type, title, status, detail and errors.

    A domain error that carries `messages` (Django's ValidationError) becomes 400; anything unknown stays a 500.
    """
    if isinstance(error, ModelValidationError):
        detail = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        error = exceptions.ValidationError(detail)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        code, title = "not-found", "Not found"
    elif isinstance(error, PermissionDenied):
        code, title = "permission-denied", "Not allowed"
    else:
        code = str(getattr(error, "default_code", "error")).replace("_", "-")
        title = str(getattr(error, "default_detail", "Error")).rstrip(".")
    data = response.data
    body: dict[str, Any] = {"type": f"urn:learningops:problem:{code}", "title": title, "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = _errors(data)
        body["detail"] = " ".join(e["detail"] for e in body["errors"])
    else:
        body["detail"] = str(data.get("detail", title)) if isinstance(data, dict) else title
        if isinstance(error, PermissionDenied | Http404) and error.args:
            body["detail"] = str(error.args[0])
    response.data = body
    response.content_type = "application/problem+json"
    return response
