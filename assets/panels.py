"""Panels that upper rooms add to the authoring screen: delivery its previews and releases, telemetry its insights."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from assets.models import Asset

Panel = Callable[[HttpRequest, Asset], SafeString | None]


@dataclass(frozen=True, slots=True)
class RegisteredPanel:
    name: str
    position: int
    render: Panel
    preview: str = ""
    label: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A tab beside the portal's preview: `kind` is also the name of its icon."""

    kind: str
    label: str | Promise
    html: SafeString


_panels: dict[str, RegisteredPanel] = {}


def register_panel(name: str, position: int, render: Panel, *, preview: str = "", label: str | Promise = "") -> None:
    """Add a panel to the authoring screen; called in AppConfig.ready().

    Args:
        name: unique, for example "delivery.stack".
        position: panels with smaller numbers come first.
        render: given the request and the asset, returns a `<section>` with its own heading, or None for nothing.
        preview: email, slack, teams or webhook makes it a tab beside the portal's preview, called `label`, instead of
            a section of the rail; `render` then returns the tab's content.

    Raises ValueError when another panel has the name.
    """
    panel = RegisteredPanel(name, position, render, preview, label)
    if _panels.setdefault(name, panel).render is not render:
        raise ValueError(f"Two authoring panels are called “{name}”. Give one of them another name.")


def panels_for(request: HttpRequest, asset: Asset) -> list[SafeString]:
    """What the panels of the rail show for this asset, in their order; those with nothing to say are left out."""
    return [html for panel in _in_order() if not panel.preview and (html := panel.render(request, asset))]


def previews_for(request: HttpRequest, asset: Asset) -> list[Preview]:
    """The tabs beside the portal's preview, in their order."""
    found = ((panel, panel.render(request, asset)) for panel in _in_order() if panel.preview)
    return [Preview(panel.preview, panel.label, html) for panel, html in found if html]


def _in_order() -> list[RegisteredPanel]:
    return sorted(_panels.values(), key=lambda panel: (panel.position, panel.name))
