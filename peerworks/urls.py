"""All addresses. Prefixes are plural nouns; nothing about a person stands in a path."""

from django.conf import settings
from django.urls import include, path

from peerworks.home import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("peerworks.accounts.urls")),
    path("audit/", include("peerworks.accounts.audit_urls")),
    path("session/", include("peerworks.web.urls")),
    path("", include("peerworks.home.urls")),
    path("", include("peerworks.participants.urls")),
    path("", include("providers.urls")),
    path("", include("supervision.urls")),
    path("", include("training.urls")),
    path("", include("billing.urls")),
    path("rules/", include("peerworks.rulepacks.urls")),
    path("notices/", include("peerworks.notices.urls")),
    path("jobs/", include("peerworks.jobs.urls")),
    path("files/", include("peerworks.files.urls")),
]
if settings.PEERWORKS_DEMO:
    # First, since its list of people takes the place of `/`.
    urlpatterns.insert(0, path("", include("peerworks.home.demo_urls")))

handler400 = "peerworks.web.errors.bad_request"
handler403 = "peerworks.web.errors.forbidden"
handler404 = "peerworks.web.errors.not_found"
handler429 = "peerworks.web.errors.too_many"  # where allauth limits; ours answer on their own pages
handler500 = "peerworks.web.errors.server_error"
