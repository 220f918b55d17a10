"""Settings: safe by default, read from the environment, one file for all.

The variables are listed in `.env.example`. A missing one is named with where to set it.
"""

import gc
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# Every process begins here. Python looks for cycles of dead objects after each 700 new ones, and the
# program alone is 300,000 that never die: this rarely it starts a tenth faster, and pages are quicker.
gc.set_threshold(50_000, 20, 20)

DEBUG = False
PEERWORKS_DEMO = env.bool("PEERWORKS_DEMO", default=False)
PEERWORKS_DEMO_ANYWHERE = env.bool("PEERWORKS_DEMO_ANYWHERE", default=False)
# Off only where nobody but this machine can ask: passwords would go in clear (docs/adr).
PEERWORKS_TLS = env.bool("PEERWORKS_TLS", default=True)
PORT = env.int("PEERWORKS_PORT", default=8000)
SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEYS = env.list("FIELD_KEYS")  # of encrypted fields, newest first
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
# Where people find the site: the beginning of every link in a letter, never taken from a request.
_NAMED = [each for each in ALLOWED_HOSTS if each not in {"127.0.0.1", "localhost", "::1", "*"}]
PEERWORKS_ADDRESS = env.str(
    "PEERWORKS_ADDRESS",
    default=f"https://{_NAMED[0].lstrip('.')}" if _NAMED else f"http://localhost:{PORT}",
)
MAY_BYPASS_ISOLATION = env.bool("MAY_BYPASS_ISOLATION", default=False)

INSTALLED_APPS = [
    "peerworks.agencies.apps.AgenciesConfig",
    "peerworks.audit.apps.AuditConfig",
    "peerworks.web.apps.WebConfig",
    "peerworks.accounts.apps.AccountsConfig",
    "peerworks.files.apps.FilesConfig",
    "peerworks.jobs.apps.JobsConfig",
    "peerworks.notices.apps.NoticesConfig",
    "peerworks.rulepacks.apps.RulePacksConfig",
    "peerworks.participants.apps.ParticipantsConfig",
    "providers.apps.ProvidersConfig",
    "training.apps.TrainingConfig",
    "supervision.apps.SupervisionConfig",
    "billing.apps.BillingConfig",
    "peerworks.home.apps.HomeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "peerworks.web.apps.StaticConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "peerworks.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "peerworks.web.headers.PrivateMiddleware",
    "peerworks.accounts.middleware.FactorMiddleware",
    "peerworks.files.middleware.UploadMiddleware",
    "peerworks.accounts.middleware.AgencyMiddleware",
]

ROOT_URLCONF = "peerworks.urls"
WSGI_APPLICATION = "peerworks.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "peerworks.web.context.shell",
            ],
            "builtins": ["peerworks.web.templatetags.pw", "django.templatetags.i18n"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"


# Data. One role for all: `migrate` alone runs with the owner's URL and MAY_BYPASS_ISOLATION.
def _database(statement_seconds):
    url = env.db_url("DATABASE_URL", engine="peerworks.agencies.postgres")
    options = url.pop("OPTIONS", {})
    url["HOST"] = options.pop("host", url.get("HOST", ""))
    timeouts = (
        f"-c statement_timeout={statement_seconds}s -c lock_timeout=3s "
        "-c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    return url | {
        # For `agencies.postgres.questions` alone: Django's other cursors put values in and prepare nothing.
        "OPTIONS": {**options, "options": timeouts, "prepare_threshold": 0},
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATABASES = {
    "default": _database(env.int("STATEMENT_SECONDS", default=15)),
    # In autocommit, for the cache and rate limits only: what it writes is part of no transaction.
    "apart": _database(5),
}
DATABASE_ROUTERS = ["peerworks.agencies.apart.CacheApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "peerworks_cache",
    }
}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["peerworks.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "peerworks.accounts.passwords.PassphraseValidator"}]
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are proved by the invitation
ACCOUNT_SESSION_REMEMBER = False  # nothing stays on a shared device when the browser closes
ACCOUNT_ADAPTER = "peerworks.accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Sign-ins are counted by `peerworks.accounts.limits`: at once, before a password is hashed.
ACCOUNT_RATE_LIMITS: Any = {"login": None, "login_failed": None}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "peerworks.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PeerWorks"
MFA_TOTP_TOLERANCE = 1  # a code counts half a minute longer, and earlier, for clocks that differ
MFA_RECOVERY_CODE_DIGITS = 12
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:today"
SESSION_ENGINE = "peerworks.web.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "peerworks.web.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
if PEERWORKS_DEMO:
    # Ports do not part cookies: two checkouts on one machine would share them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"pw_session_{PORT}", f"pw_csrf_{PORT}"
    LANGUAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = f"pw_language_{PORT}", f"pw_device_{PORT}"
else:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-language", "__Host-device"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    if PEERWORKS_TLS:
        SECURE_SSL_REDIRECT = True
        SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
        SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What a browser may do.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Languages and time. A site's own zone decides service days; the server thinks in UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "peerworks.web.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: ours in static/, Bootstrap and htmx from their packages.
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / ".local" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "peerworks.web.storage.StaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "woff2", "gz", "br")

# Uploads: outside of what is served, private to who runs this. Forms without files stay small.
_STATE_DIR = env.str("PEERWORKS_STATE_DIR", default="") or BASE_DIR / ".local"
FILES_ROOT = Path(_STATE_DIR).expanduser() / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Work that is done later. Rows in PostgreSQL hold the truth; the broker only wakes workers.
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ENABLE_UTC = True
DUEWORK_REQUEUE_AFTER = env.int("DUEWORK_REQUEUE_AFTER", default=120)
SWEEP_EVERY = env.float("SWEEP_EVERY", default=5.0)  # somebody may wait for it on a page
REMINDERS_EVERY = env.float("REMINDERS_EVERY", default=15 * 60.0)
CELERY_BEAT_SCHEDULER = "peerworks.jobs.clock:Clock"
CELERY_BEAT_SCHEDULE = {
    "jobs.due_work_published": {"task": "jobs.due_work_published", "schedule": SWEEP_EVERY},
    "notices.reminders_planned": {"task": "notices.reminders_planned", "schedule": REMINDERS_EVERY},
    "files.orphans_removed": {"task": "files.orphans_removed", "schedule": 24 * 60 * 60.0},
    "jobs.worker_alive": {"task": "jobs.worker_alive", "schedule": 10.0},
    "accounts.what_is_over_forgotten": {
        "task": "accounts.what_is_over_forgotten",
        "schedule": 24 * 60 * 60.0,
    },
}

# Logs hold ids only: no query parameter, no form value, no token of a letter, no row of an error.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "peerworks.web.logs.WithoutValues",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"no_tokens": {"()": "peerworks.web.logs.WithoutTokens"}},
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_tokens"],
        }
    },
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {"django.db.backends": {"level": "WARNING"}},
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
if PEERWORKS_DEMO and EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_BACKEND = "peerworks.notices.store.EmailBackend"
if provider := env.str("EMAIL_PROVIDER", default=""):
    # Any service that django-anymail knows, by name; ANYMAIL_… in the environment are its settings.
    # Its checks are asked for with it alone: they read a library for the web that takes each start a twentieth longer.
    INSTALLED_APPS += ["anymail"]
    EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"
    ANYMAIL = {
        name.removeprefix("ANYMAIL_"): env.str(name)
        for name in env.ENVIRON
        if name.startswith("ANYMAIL_")
    }
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="PeerWorks <peerworks@localhost>")
