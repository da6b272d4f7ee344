"""Gate: every file the text shows is there. An image from another site is refused by the page's policy anyway."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate
from assets.gates.links import is_inside, media_name


def check(candidate: Candidate) -> Iterator[Found]:
    for image in candidate.document.images:
        name = media_name(image.src)
        if not is_inside(image.src):
            said = _("The image “%(src)s” lies on another site and will not be shown.") % {"src": image.src[:120]}
            yield Found(said, image.line, _("Upload it here and use its name."))
        elif not candidate.names.file(candidate.asset_id, image.src):
            said = _("The file “%(name)s” is not among this asset’s media.") % {"name": name}
            yield Found(said, image.line, _("Upload a file of this name, or leave the image out."))
        elif candidate.frozen_media is not None and name not in candidate.frozen_media:
            said = _("This version was saved before the file “%(name)s” was uploaded.") % {"name": name}
            yield Found(said, image.line, _("Save a new version: it will hold the file."))


GATE = Gate("media-present", gettext_lazy("Media are present"), BLOCKS, check)
