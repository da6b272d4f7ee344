"""`python -m learningops.embedded.forget`: remove this checkout's embedded data, for `make clean`."""

import os
import shutil
import sys

from learningops.embedded.lease import hold_alone
from learningops.embedded.place import CHECKOUT, EmbeddedError, checkout_place

if __name__ == "__main__" and (CHECKOUT / "var" / "embedded").exists():
    try:
        place = checkout_place()
        descriptor = hold_alone(place)
    except EmbeddedError as error:
        sys.exit(str(error))
    shutil.rmtree(place.data, ignore_errors=True)
    shutil.rmtree(place.state, ignore_errors=True)
    os.close(descriptor)
