"""The web process: pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningops.settings")

application = get_wsgi_application()

# What was made at the start stays for ever: the collector need not walk it, nor come as often as its default says.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
