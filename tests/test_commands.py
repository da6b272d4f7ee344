"""The two commands, and what they rest on."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client

from learningops import heartbeat
from learningops.embedded import Lease, Place, postgres, take, temporary_place
from learningops.embedded.lease import hold_alone, read_state
from learningops.embedded.place import EmbeddedError
from learningops.embedded.processes import command_of
from tests.harness.run import Run, redis_client
from tests.harness.waiting import wait_until

CHECKOUT = Path(__file__).resolve().parents[1]


# --- The test run's own services -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_database_is_postgresql_18() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 180000
    cache.set("left", 1)


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_for_the_next_test() -> None:
    get_user_model().objects.create(username="left-behind")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_the_test_before() -> None:
    assert not get_user_model().objects.filter(username="left-behind").exists()
    assert cache.get("left") is None


# --- Embedded services -----------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = temporary_place(tmp_path / "services")
    yield place
    os.close(hold_alone(place))


def pid_of(place: Place, service: str) -> int:
    file = {"postgres": "postgres/postmaster.pid", "redis": "redis/redis.pid"}[service]
    return int((place.data / file).read_text().split()[0])


def answers(lease: Lease) -> bool:
    try:
        postgres.connect(lease.state.postgres_port or 0, lease.state.postgres_password).close()
    except psycopg2.OperationalError:
        return False
    return True


def test_the_last_user_stops_them_and_nobody_before(place: Place) -> None:
    first = take(place)
    second = take(place)
    assert first.state == second.state
    server, queue = pid_of(place, "postgres"), pid_of(place, "redis")
    first.leave()
    assert answers(second)
    second.leave()
    assert not command_of(server)
    assert not command_of(queue)


def test_a_killed_user_is_noticed(place: Place) -> None:
    code = (
        "import sys, time; from learningops.embedded.lease import place_from_json, take;"
        "take(place_from_json(sys.argv[1]), with_redis=False); print('taken', flush=True); sys.stdin.read()"
    )
    fields = {"state": str(place.state), "data": str(place.data), "durable": False}
    account = place.account and {"uid": place.account.uid, "gid": place.account.gid}
    arguments = json.dumps(fields | {"account": account})
    with subprocess.Popen(
        [sys.executable, "-c", code, arguments], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"taken\n"
        server = pid_of(place, "postgres")
        user.kill()
    wait_until(lambda: not command_of(server), what="the guardian to stop PostgreSQL")


def test_killed_services_are_started_again(place: Place) -> None:
    lease = take(place)
    for service in ("postgres", "redis"):
        os.kill(pid_of(place, service), signal.SIGKILL)
    wait_until(lambda: not answers(lease))
    again = take(place)
    assert answers(again)
    again.leave()
    lease.leave()


def test_a_stale_pid_of_somebody_else_is_not_taken_for_ours(place: Place) -> None:
    durable = Place(place.state, place.data, place.account)
    lease = take(durable, with_redis=False)
    os.kill(pid_of(place, "postgres"), signal.SIGKILL)
    wait_until(lambda: not answers(lease))
    pid_file = place.data / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = take(durable, with_redis=False)
    assert answers(again)
    again.leave()
    lease.leave()


def test_the_password_is_needed_and_private(place: Place) -> None:
    lease = take(place, with_redis=False)
    assert (place.state / "state.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        postgres.connect(lease.state.postgres_port or 0, "wrong")
    lease.leave()


def test_data_is_removed_by_nobody_who_is_not_alone(place: Place) -> None:
    lease = take(place, with_redis=False)
    with pytest.raises(EmbeddedError, match="in use"):
        hold_alone(place)
    lease.leave()
    assert read_state(place) is not None


# --- /healthz --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_health_names_the_part_that_is_down(run: Run, settings: object, client: Client) -> None:
    with redis_client(run.redis_url()) as redis:
        redis.set(heartbeat.KEY, "1")
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["worker"]) == (200, "ok")
        redis.delete(heartbeat.KEY)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker"].startswith("no worker has reported")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["redis"]) == ("ok", "does not answer; see REDIS_URL")


# --- Settings --------------------------------------------------------------------------------------------------


def settings_say(**environment: str) -> str:
    """What reading the settings with just this environment ends with; empty when it went well."""
    done = subprocess.run(
        [sys.executable, "-c", "import learningops.settings"],
        cwd=CHECKOUT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


LONG = "k" * 40


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY is not set. Set it to"),
        ({"SECRET_KEY": LONG}, "ALLOWED_HOSTS is not set. Set it to"),
        ({"SECRET_KEY": "short", "ALLOWED_HOSTS": "a.example"}, "SECRET_KEY is shorter than 32"),
        ({"SECRET_KEY": LONG, "ALLOWED_HOSTS": "a.example", "DEBUG": "maybe"}, "DEBUG is “maybe”. Set it to 1 or 0."),
        ({"LEARNINGOPS_DEMO": "1", "BIND_HOST": "0.0.0.0"}, "not on 0.0.0.0"),
        ({"LEARNINGOPS_DEMO": "1", "ALLOWED_HOSTS": "learn.example.com"}, "not on learn.example.com"),
        ({"SECRET_KEY": LONG, "ALLOWED_HOSTS": "a.example"}, ""),
        ({"LEARNINGOPS_DEMO": "1"}, ""),
    ],
)
def test_settings_refuse_with_a_sentence(environment: dict[str, str], sentence: str) -> None:
    said = settings_say(**environment)
    assert (sentence in said) if sentence else not said


def names(pattern: str, *files: str) -> set[str]:
    return {name for file in files for name in re.findall(pattern, (CHECKOUT / file).read_text())}


def test_the_example_lists_every_setting_and_no_other() -> None:
    listed = names(r"(?m)^#?([A-Z][A-Z_]+)=", ".env.example")
    read = names(r"\benv(?:_bool|_int|_list|_float)?\(\s*[\"']([A-Z_]+)[\"']", "learningops/settings.py")
    read |= names(r"\$\{([A-Z_]+)[:}]", "Procfile", "docker-compose.yml")
    read |= {"LIVE_PORT"}  # learningops/runner.py
    assert listed == read


def test_the_image_and_the_lock_files_hold_no_secret_and_no_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (CHECKOUT / lock).read_text(), f"{lock} names a registry"
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"):
        assert f"${{{name}:?" in compose


def test_docker_compose_accepts_its_file() -> None:
    """Where the command is there; elsewhere the test says nothing, as the machine can say nothing."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return
    environment = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "POSTGRES_PASSWORD"), "x")
    command = [docker, "compose", "--file", "docker-compose.yml", "config", "--quiet"]
    subprocess.run(command, cwd=CHECKOUT, env={"PATH": os.environ["PATH"], **environment}, check=True)


# --- make run --------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of the code with this virtualenv and no data."""
    copy = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "staticfiles", "__pycache__", ".*_cache", "tests")
    shutil.copytree(CHECKOUT, copy, ignore=ignored)
    yield copy
    subprocess.run([sys.executable, "-m", "learningops.embedded.forget"], cwd=copy, check=True)


@pytest.fixture
def runner(checkout: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "learningops.runner"],
            cwd=checkout,
            env={"PATH": os.environ["PATH"], **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_demo_is_refused_beyond_loopback(runner: Callable[..., subprocess.Popen[str]]) -> None:
    said, _error = runner(LEARNINGOPS_DEMO="1", BIND_HOST="0.0.0.0").communicate(timeout=60)
    assert "known password" in said
    assert "Traceback" not in said


@pytest.mark.long
def test_make_run_from_nothing_and_back_to_nothing(
    runner: Callable[..., subprocess.Popen[str]], checkout: Path
) -> None:
    process = runner(PORT="18080", LEARNINGOPS_DEMO="1")
    assert process.stdout is not None
    said = ""
    while "LearningOps is on" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    account = [
        sys.executable,
        "manage.py",
        "shell",
        "--command",
        "from people.models import User; print(User.objects.count())",
    ]
    done = subprocess.run(account, cwd=checkout, env={"PATH": os.environ["PATH"]}, capture_output=True, check=True)
    assert done.stdout.split()
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
    left = [entry.name for entry in Path("/proc").glob("[0-9]*") if str(checkout) in command_of(int(entry.name))]
    assert not left
