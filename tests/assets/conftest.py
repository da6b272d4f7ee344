from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def media_folder(tmp_path: Path, settings: Settings) -> None:
    """Files of assets go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
