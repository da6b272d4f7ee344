"""Panels that upper rooms add to the authoring screen: delivery its previews and releases, telemetry its insights."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from assets.models import Asset

Panel = Callable[[HttpRequest, Asset], SafeString | None]


@dataclass(frozen=True, slots=True)
class RegisteredPanel:
    name: str
    position: int
    render: Panel


_panels: dict[str, RegisteredPanel] = {}


def register_panel(name: str, position: int, render: Panel) -> None:
    """Add a panel to the rail of the authoring screen; called in AppConfig.ready().

    Args:
        name: unique, for example "delivery.stack".
        position: panels with smaller numbers stand higher.
        render: given the request and the asset, returns a `<section>` with its own heading, or None for nothing.

    Raises ValueError when another panel has the name.
    """
    panel = RegisteredPanel(name, position, render)
    if _panels.setdefault(name, panel).render is not render:
        raise ValueError(f"Two authoring panels are called “{name}”. Give one of them another name.")


def panels_for(request: HttpRequest, asset: Asset) -> list[SafeString]:
    """What the panels show for this asset, in their order; those with nothing to say are left out."""
    shown = (panel.render(request, asset) for panel in sorted(_panels.values(), key=lambda p: (p.position, p.name)))
    return [part for part in shown if part]
