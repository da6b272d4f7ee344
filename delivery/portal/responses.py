"""A posted form as the response that `assets.content.grade` takes."""

from typing import Any

from django.http import QueryDict


def read_response(kind: str, data: QueryDict) -> dict[str, Any]:
    """The response of a check of type `kind` from the fields that portal/_check.html posts. Never raises."""
    if kind in ("single", "true-false"):
        return {"choice": data.get("choice", "")}
    if kind == "multiple":
        return {"choices": data.getlist("choice")}
    if kind == "numeric":
        return {"number": data.get("number", "")}
    if kind == "short":
        return {"text": data.get("text", "")}
    if kind == "ordering":
        return {"order": _numbered(data, "order-")}
    if kind == "matching":
        return {"pairs": {name.removeprefix("pair-"): data.get(name, "") for name in data if name.startswith("pair-")}}
    return {"gaps": _numbered(data, "gap-")}


def _numbered(data: QueryDict, prefix: str) -> list[str]:
    names = sorted(
        (name for name in data if name.startswith(prefix) and name[len(prefix) :].isdecimal()),
        key=lambda name: int(name[len(prefix) :]),
    )
    return [data.get(name, "") for name in names]
