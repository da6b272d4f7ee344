"""A share with its uncertainty: a dot on a line from 0 to 100%, the 95% interval as a band."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def rate_chart(share: float, interval: tuple[float, float]) -> SafeString:
    """A line of text high; decorative, since the figure, its interval and its n stand beside it as text.

    Args:
        share: 0 to 1.
        interval: its bounds, 0 to 1.
    """
    low, high = interval
    return format_html(
        '<svg class="chart rate" aria-hidden="true"><line class="base" x1="0" x2="100%" y1="50%" y2="50%"/>'
        '<rect class="band" x="{}%" width="{}%" y="25%" height="50%"/>'
        '<circle class="dot" cx="{}%" cy="50%" r="5"/></svg>',
        *(_per_cent(low), _per_cent(high - low), _per_cent(share)),
    )


def _per_cent(share: float) -> str:
    return f"{100 * share:.4g}"
