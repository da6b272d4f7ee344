"""Requests that schemathesis makes up from the API's own description: none may break it, every answer is as described.

Calls go through the WSGI application in this thread, so they happen inside the test's transaction.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from learningops.wsgi import application
from people.actions.tokens import create_token
from tests.factories import PersonFactory
from tests.permission_world import build_world

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """As Django's test client does: a request must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def send(db: None, _one_connection: None) -> Callable[[Any], None]:
    """Send one made-up request with a token that opens everything, undo it, and look at the answer."""
    build_world()
    everybody = PersonFactory(username="everybody", is_superuser=True)
    _row, token = create_token(actor=None, user=everybody, name="fuzz")
    headers = {"Authorization": f"Bearer {token}"}

    def call(case: Any) -> None:
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    return call


def operations(*methods: str) -> Iterator[Any]:
    description = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(description)
    schema.app = application
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.method.upper() in methods and operation.path.startswith("/api/v1/"):
            yield operation


def fuzz(send: Callable[[Any], None], examples: int, *methods: str) -> int:
    """Try every operation; raise what was found in all of them together. Returns how many there were."""
    count, broken = 0, []
    for operation in operations(*methods):
        count += 1
        try:
            _tried(operation, send, examples)()
        except FailureGroup as found:
            broken.append(f"{operation.label}: {found}")
    assert not broken, "\n\n".join(broken)
    return count


def _tried(operation: Any, send: Callable[[Any], None], examples: int) -> Callable[[], None]:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        send(case)

    return check


def test_reading_never_breaks(send: Callable[[Any], None]) -> None:
    assert fuzz(send, 4, "GET") >= 12


@pytest.mark.long
def test_writing_never_breaks(send: Callable[[Any], None]) -> None:
    assert fuzz(send, 25, "GET", "POST", "PUT", "PATCH", "DELETE") >= 30
