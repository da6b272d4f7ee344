"""What OpenAPI says about signing in and about errors."""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 says it.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "A stable name of the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do next."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "The place in the request, as a JSON pointer."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer lo_…`."""

    target_class = "people.rest.authentication.BearerTokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from POST /api/v1/tokens/ or `manage.py create_token USERNAME`.",
        }


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular hook: every operation can answer with problem details; give all of them the one schema."""
    del generator, request, public
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "Problem details.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
                _name_problems(operation["responses"])
    return result


def _name_problems(responses: dict[str, Any]) -> None:
    """An error with members of its own (a merge's conflicts) is a problem too, not plain JSON."""
    for code, response in responses.items():
        content = response.get("content", {})
        if code.startswith("4") and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
