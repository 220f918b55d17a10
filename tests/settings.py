"""Settings of the test run: the product's own, and a dozen lines that make it fast and strict."""

import os

os.environ.setdefault("SECRET_KEY", "made-up-key-of-the-test-run-long-enough-to-be-let-start")
os.environ.setdefault("FIELD_KEYS", "bWFkZS11cC1maWVsZC1rZXktb2YtdGhlLXRlc3QtcnU=")
os.environ.setdefault("PEERWORKS_DEMO", "1")
# Pure tests and the type checker open no connection: nobody answers at these addresses.
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@/none?host=/nonexistent")
os.environ.setdefault("REDIS_URL", "unix:///nonexistent/valkey?db=0")

from peerworks.settings import *  # noqa: F403
from peerworks.settings import TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ACCOUNT_RATE_LIMITS = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DUEWORK_REQUEUE_AFTER = 2
SWEEP_EVERY = 0.5


class Undefined(str):
    """A template variable that nobody gave fails the test instead of showing nothing."""

    __slots__ = ()

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, name):
        raise NameError(f"undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")
