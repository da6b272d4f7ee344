"""What a link in a text may mean: which assets of the library, or which of the asset's files."""

import posixpath
from typing import Final
from urllib.parse import unquote, urlsplit

PORTAL: Final = "/a/"
_ENDINGS: Final = (".md", ".markdown", "/index", "/")


def is_inside(href: str) -> bool:
    """Whether `href` points into the library: no scheme, no host, and not just a fragment of the same page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path)


def fragment_of(href: str) -> str:
    """The part after `#`, decoded; "" when there is none."""
    return unquote(href.partition("#")[2])


def candidate_keys(asset_key: str, href: str) -> tuple[str, ...]:
    """The keys that `href`, written in the asset `asset_key`, may mean, the likeliest first. Empty for an outside link.

    Like a file of a folder: `decline.md` in `refunds/partial` means `refunds/decline`; failing that, the text is
    taken as a whole key, so `refunds/decline` works from everywhere. `/a/refunds/decline/` is the portal's address.
    """
    if not is_inside(href):
        return ()
    path = unquote(urlsplit(href).path)
    if path.startswith(PORTAL):
        return (_trimmed(path.removeprefix(PORTAL)),)
    if path.startswith("/"):
        return (_trimmed(path),)
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(asset_key), path))
    found = (_trimmed(beside), _trimmed(path))
    return tuple(dict.fromkeys(key for key in found if key and not key.startswith("..")))


def _trimmed(path: str) -> str:
    path = path.strip("/")
    for ending in _ENDINGS:
        path = path.removesuffix(ending)
    return path.removeprefix("./").lower()


def media_name(src: str) -> str:
    """The name under which an asset keeps the file that `src` names: `media/panel.png` and `panel.png` are the same."""
    name = unquote(src.partition("#")[0].partition("?")[0]).strip()
    while name.startswith("./"):
        name = name[2:]
    return name.removeprefix("media/")
