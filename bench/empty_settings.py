"""Settings of the empty view."""

SECRET_KEY = "not-a-secret"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.empty"
