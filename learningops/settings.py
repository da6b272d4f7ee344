"""Settings, from the environment alone. Every variable is listed in `.env.example`.

A wrong or missing value stops the start with a sentence that says what to do (`ImproperlyConfigured`).
"""

import os
import sys
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()  # forms and admins name their model in brackets, which Django alone refuses

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def env(name: str, default: str = "") -> str:
    """The environment variable `name`, stripped; `default` when unset or empty."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    """`1/true/yes/on` or `0/false/no/off`, any case; anything else stops the start."""
    value = env(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”. Set it to 1 or 0.")


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def env_int(name: str, default: int) -> int:
    """A whole number; anything else stops the start."""
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is “{value}”. Set it to a whole number.") from error


# --- What kind of process this is -----------------------------------------------------------------
DEMO = env_bool("LEARNINGOPS_DEMO")  # demo people and content; loopback only, see learningops.embedded
DEBUG = env_bool("DEBUG")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PRODUCTION = not (DEMO or DEBUG or env_bool("LEARNINGOPS_DEV"))

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
if PRODUCTION and not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to a long random string, for example from `openssl rand -base64 48`. "
        "To look around without configuring anything, use `make run`."
    )
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Set it to the host names people use, separated by commas, "
        "for example ALLOWED_HOSTS=learn.example.com."
    )
if PRODUCTION and len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters. Use `openssl rand -base64 48`.")
BIND_HOST = env("BIND_HOST", "127.0.0.1")  # where `make run` listens
_beyond_loopback = [host for host in [BIND_HOST, *ALLOWED_HOSTS] if host.strip("[]") not in LOOPBACK]
if DEMO and _beyond_loopback:
    raise ImproperlyConfigured(
        f"LEARNINGOPS_DEMO has accounts with a known password, so it is served on this machine only, not on "
        f"{_beyond_loopback[0]}. Remove BIND_HOST and ALLOWED_HOSTS, or turn LEARNINGOPS_DEMO off."
    )
SECRET_KEY = SECRET_KEY or "only-for-loopback-development-never-for-production"
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

ORGANISATION_NAME = env("ORGANISATION_NAME", "Harrow Lane Support" if DEMO else "LearningOps")
PUBLIC_URL = env("PUBLIC_URL", f"http://127.0.0.1:{env('PORT', '8000')}").rstrip("/")  # in emails, Slack, webhooks
LIVE_URL = env("LIVE_URL", "").rstrip("/")  # where server-sent events are; "" means the same origin

# --- Rooms ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "learningops.apps.LearningOpsConfig",
    "learningops.apps.AdminConfig",
    "dashboards",
    "delivery.apps.DeliveryConfig",
    "telemetry.apps.TelemetryConfig",
    "assets.apps.AssetsConfig",
    "flags",
    "people",
    "waffle",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_celery_beat",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "learningops.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "learningops.middleware.ContentSecurityPolicyMiddleware",
    "learningops.middleware.RefuseNullMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "learningops.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "learningops.urls"
WSGI_APPLICATION = "learningops.wsgi.application"
ASGI_APPLICATION = "learningops.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "learningops.context.page",
            ],
            "builtins": ["learningops.templatetags.look", "django.templatetags.i18n"],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------
# Without DATABASE_URL and REDIS_URL the entry points (manage.py, `make run`) start embedded ones and
# put their addresses into the environment before Django reads this module.
DATABASE_URL = env("DATABASE_URL", "postgres://learningops@127.0.0.1:1/learningops")
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=env_int("CONN_MAX_AGE", 600))
    | {"CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "learningops.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "learningops",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- People and sign-in ---------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.authentication.PersonBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Targeting ------------------------------------------------------------------------------------
WAFFLE_FLAG_MODEL = "flags.Flag"
WAFFLE_CREATE_MISSING_FLAGS = False

# --- Record ---------------------------------------------------------------------------------------
# Names this installation in xAPI statements (home page of accounts, prefix of activities). Choose it once: statements
# are never rewritten. Two installations that send to one learning record store need two names.
SITE_URN = env("SITE_URN", "urn:learningops:site")
if not SITE_URN.startswith(("urn:", "https://")) or any(c.isspace() for c in SITE_URN):
    raise ImproperlyConfigured(f"SITE_URN is “{SITE_URN}”. Set it to a URN such as urn:learningops:acme.")

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", "Europe/London")
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "staticfiles")))  # gathered by collectstatic
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(VAR_DIR / "media")))  # content-addressed; served by a view, never by path
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if not DEBUG and "pytest" not in sys.modules
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG or "pytest" in sys.modules
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# --- Mail -----------------------------------------------------------------------------------------
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "LearningOps <learningops@localhost>")

# --- Channels -------------------------------------------------------------------------------------
SLACK_API_URL = env("SLACK_API_URL", "https://slack.com/api/")
OUTBOUND_ALLOWED_HOSTS = env_list("OUTBOUND_ALLOWED_HOSTS")  # private hosts an operator allows (invariant 14)
# Seconds after which a worker that did not come back is taken for dead, and a message to one is written again.
# Longer than the longest call (guard.py: 15 s; SMTP: six steps of EMAIL_TIMEOUT at the very worst).
DELIVERY_LEASE = env_int("DELIVERY_LEASE", 60)
DELIVERY_RELAY_INTERVAL = 0.2  # seconds between looks at the outbox when no notification came

# --- Queue ----------------------------------------------------------------------------------------
# Seconds after which Redis hands an unacknowledged message out again. It must be longer than the longest
# task, and it must be said in all three places (facts: a longer task is otherwise run twice at once).
QUEUE_VISIBILITY_TIMEOUT = 300
_queue_options = {"visibility_timeout": QUEUE_VISIBILITY_TIMEOUT, "socket_timeout": 2, "socket_connect_timeout": 2}
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = _queue_options | {"unacked_restore_throttle": 1}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = _queue_options
CELERY_VISIBILITY_TIMEOUT = QUEUE_VISIBILITY_TIMEOUT
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env_int("WORKER_SHUTDOWN_SECONDS", 10)  # a running task may end in them
CELERY_BEAT_SCHEDULE = {
    "telemetry.make_months": {"task": "telemetry.make_months", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"  # no file to keep, one schedule for all
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 500  # tasks per database connection, instead of a new connection for each
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- REST -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.rest.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "people.rest.pagination.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "people.rest.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "LearningOps",
    "VERSION": "1",
    "DESCRIPTION": "Everything the admin and the portal do, as an API. Errors are problem details (RFC 9457).",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AssetKindEnum": "assets.models.asset.Asset.Kind",
        "ReviewFlagKindEnum": "assets.models.review.ReviewFlag.Kind",
        "SuggestionStateEnum": "assets.models.review.Suggestion.State",
        "ChannelKindEnum": "delivery.models.channel.Channel.Kind",
        "DeliveryStateEnum": "delivery.models.ledger.Delivery.State",
        "ReleaseStateEnum": "delivery.models.release.Release.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "people.rest.schema.add_problems",
    ],
}

# --- Safety ---------------------------------------------------------------------------------------
SECURE_TLS = env_bool("SECURE_TLS", PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_TLS_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# --- Log ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}},
}
