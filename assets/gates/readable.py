"""Gate: the text can be read at all.

Front matter that is broken, keys that are doubled, check blocks that are not closed: the parser says what and where.
Also: the key and the kind in the front matter must be the asset's own, or the file would import as another asset.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.gates.candidate import Candidate
from assets.gates.finding import BLOCKS, Found, Gate


def check(candidate: Candidate) -> Iterator[Found]:
    document = candidate.document
    for problem in document.problems:
        yield Found(problem.message, problem.line, problem.fix)
    meta = document.meta
    if meta.key and meta.key != candidate.asset_key:
        said = _("The front matter says key “%(said)s”, but this asset is “%(key)s”.")
        fix = _("Write “key: %(key)s”. A new key is given by renaming the asset, not here.")
        values = {"said": meta.key, "key": candidate.asset_key}
        yield Found(said % values, 1, fix % values)
    if meta.kind != candidate.kind:
        values = {"said": meta.kind, "kind": candidate.kind}
        said = _("The front matter says kind “%(said)s”, but this asset is a “%(kind)s”.")
        yield Found(said % values, 1, _("Write “kind: %(kind)s”, or make a new asset of the other kind.") % values)


GATE = Gate("readable", gettext_lazy("The text can be read"), BLOCKS, check)
