"""Gate: every image has a text for those who cannot see it (WCAG 2.2, 1.1.1)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate
from assets.gates.links import media_name


def check(candidate: Candidate) -> Iterator[Found]:
    for image in candidate.document.images:
        alt = image.alt.strip()
        name = media_name(image.src).rpartition("/")[2]
        if not alt:
            said = _("The image “%(name)s” has no alternative text.") % {"name": name}
        elif alt.lower() in {name.lower(), name.rpartition(".")[0].lower(), "image", "picture", "screenshot"}:
            said = _("The alternative text of “%(name)s” only repeats what it is called.") % {"name": name}
        else:
            continue
        yield Found(said, image.line, _("Say between the brackets what the image shows: ![The refund panel](…)."))


GATE = Gate("image-alt", gettext_lazy("Images have a text"), BLOCKS, check)
