"""Addresses of the audit trail, under `/audit/`. It stands below the pages, so accounts serves it."""

from django.urls import path

from peerworks.accounts.views import audit

app_name = "audit"

urlpatterns = [
    path("", audit.event_list, name="event-list"),
    path("export/", audit.event_export, name="event-export"),
    path("permissions/", audit.permission_list, name="permission-list"),
    path("participants/<uuid:pk>/", audit.person_seen, name="person-seen"),
]
