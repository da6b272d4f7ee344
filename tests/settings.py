"""The settings of the test run: the product's own, told that this is no production.

The addresses of PostgreSQL and Redis are filled in by tests/harness/run.py when a test first needs them, so that
pure tests start nothing.
"""

import os

for _name in ("DATABASE_URL", "REDIS_URL", "LEARNINGOPS_DEMO", "DEBUG", "MEDIA_ROOT", "PORT", "LIVE_PORT"):
    os.environ.pop(_name, None)  # what the machine has configured is not ours to touch
os.environ["LEARNINGOPS_DEV"] = "1"
os.environ["SECRET_KEY"] = "a-key-for-tests-that-protects-nothing-at-all"

from learningops.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each test client builds the middleware anew; without this each of them would look through every static file (0.3 s).
WHITENOISE_AUTOREFRESH = True
