"""The guardian: `python -m learningops.embedded PLACE`, started by `lease.take` and by nobody else."""

import signal
import sys

from learningops.embedded.lease import guard, place_from_json

signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends by itself, when the last user of the services has ended
guard(place_from_json(sys.argv[1]))
