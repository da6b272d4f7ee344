"""The real bundles: unpacked once by the test itself, never copied into the repository."""

import gzip
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BUNDLES = ("carpentries", "iot-for-beginners", "18f-handbook")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the bundles."""
    folder = os.environ.get("DATA", "")
    assert folder, "Say where the bundles are: make test-corpora DATA=folder"
    return Path(folder)


@pytest.fixture(scope="session")
def raw(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundles' files as they are, to count in: by other means than the importers'."""
    target = tmp_path_factory.mktemp("raw")
    for name in BUNDLES:
        with tarfile.open(data / f"{name}.tgz") as archive:
            archive.extractall(target / name, filter="data")
    return target


def read_revisions(folder: Path) -> Iterator[dict[str, Any]]:
    """Every line of every versions.jsonl.gz below `folder`."""
    for path in sorted(folder.rglob("versions.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
