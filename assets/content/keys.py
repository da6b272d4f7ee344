"""The shape of keys, in one place: assets, outcomes, checks."""

import re

ASSET_KEY_LENGTH = 200
CHECK_KEY_LENGTH = 80

_ASSET_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")
_CHECK_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")

ASSET_KEY_RULE = (
    "small letters, digits, dot, hyphen and underscore, in parts divided by /, for example refunds/partial-refund"
)
CHECK_KEY_RULE = "small letters, digits and hyphens, for example partial-limit"


def is_asset_key(text: str) -> bool:
    """Whether `text` can be the key of an asset, an outcome or a collection (at most 200 characters)."""
    return len(text) <= ASSET_KEY_LENGTH and _ASSET_KEY.fullmatch(text) is not None


def is_check_key(text: str) -> bool:
    """Whether `text` can be the key of a check inside one asset (at most 80 characters)."""
    return len(text) <= CHECK_KEY_LENGTH and _CHECK_KEY.fullmatch(text) is not None
