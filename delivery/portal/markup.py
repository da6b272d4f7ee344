"""Markdown of questions, choices and feedback as markup."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from assets.content import render_inline
from assets.gates.links import candidate_keys


@lru_cache(maxsize=4096)
def inline(text: str, asset_key: str) -> SafeString:
    """`text` of the asset `asset_key` as safe inline HTML: the content core sanitises it. Images are left out."""
    if not text:
        return SafeString("")

    def link(href: str) -> str | None:
        keys = candidate_keys(asset_key, href)
        return f"/a/{keys[0]}/" if keys else href

    return mark_safe(render_inline(text, link=link, image=lambda _src: None))  # noqa: S308  sanitised by the core
