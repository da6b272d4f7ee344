"""Read the demo's files: texts, and what led to them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CONTENT: Final = Path(__file__).parent / "content"
FIRST_DAY: Final = 145.0  # when a text without a history was written, in days before the load


class DemoError(Exception):
    """The demo's own files do not fit together. Says which one and where."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a text: how many days ago, why, and the whole file."""

    days: float
    message: str
    source: str


def table(name: str) -> dict[str, Any]:
    """The contents of `content/<name>.toml`."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def sources() -> dict[str, str]:
    """The newest text of every asset by its key, in the order of the files."""
    folder = CONTENT / "assets"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.md"))
    }


def editions() -> dict[str, list[Edition]]:
    """Every version of every asset, oldest first, by the asset's key. Raises DemoError when a change does not fit."""
    histories = {entry["key"]: entry["version"] for entry in table("history")["asset"]}
    texts = sources()
    unknown = histories.keys() - texts.keys()
    if unknown:
        raise DemoError(f"history.toml names {min(unknown)}, which has no file under assets/.")
    return {key: _unwound(key, text, histories.get(key)) for key, text in texts.items()}


def _unwound(key: str, newest: str, versions: list[dict[str, Any]] | None) -> list[Edition]:
    """The versions of one text, from the newest back by undoing each version's changes."""
    if versions is None:
        return [Edition(FIRST_DAY, "First version", newest)]
    found: list[Edition] = []
    text = newest
    for version in reversed(versions):
        found.append(Edition(float(version["days"]), version["message"], text))
        for change in reversed(version.get("change", [])):
            text = replaced(text, change["is"], change["was"], f"{key} in history.toml")
    return found[::-1]


def replaced(text: str, old: str, new: str, where: str) -> str:
    """`text` with its one `old` replaced by `new`. Raises DemoError when `old` is not there exactly once."""
    if text.count(old) != 1:
        raise DemoError(f"{where}: “{old.strip()[:60]}” stands there {text.count(old)} times, not once.")
    return text.replace(old, new)
