"""The two commands, and what they rest on."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_database_is_postgresql_18() -> None:
    assert connection.pg_version >= 180000  # type: ignore[attr-defined]
    cache.set("left", 1)


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_for_the_next_test() -> None:
    get_user_model().objects.create(username="left-behind")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_the_test_before() -> None:
    assert not get_user_model().objects.filter(username="left-behind").exists()
    assert cache.get("left") is None
