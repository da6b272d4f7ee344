"""The OpenAPI description is valid, complete and says how to sign in and how errors look."""

import io

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def described(client: Client) -> dict:
    answer = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert answer.status_code == 200
    return yaml.safe_load(answer.content)


def test_it_is_valid_and_without_guesses():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3" in out.getvalue()


def test_it_says_how_to_sign_in_and_how_errors_look(client):
    schema = described(client)
    schemes = schema["components"]["securitySchemes"]
    assert schemes["bearer"]["scheme"] == "bearer"
    assert schemes["cookieAuth"]["in"] == "cookie"
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert "application/problem+json" in operation["responses"]["default"]["content"], (path, method)
            # The description stands with the operation, so that nobody has to read the source.
            assert operation["operationId"]


def test_every_route_of_the_api_is_described(client):
    def routes(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern) and prefix.startswith("api/v1/"):
                yield pattern.name

    count = len({name for name in routes(get_resolver().url_patterns) if name})
    assert len(described(client)["paths"]) >= count


def test_it_is_open_to_everybody_and_holds_nobody(client):
    PersonFactory(username="nia-hall")
    assert "nia-hall" not in str(described(client))
