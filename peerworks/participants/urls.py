"""Addresses of this app: people, and what is recorded about them."""

from django.urls import path

from peerworks.participants.views import people, records

app_name = "participants"

urlpatterns = [
    path("participants/", people.participant_list, name="participant-list"),
    path("participants/add/", people.participant_add, name="participant-add"),
    path("participants/<uuid:pk>/", people.participant_detail, name="participant-detail"),
    path("participants/<uuid:pk>/edit/", people.participant_edit, name="participant-edit"),
    path("participants/<uuid:pk>/seal/", people.participant_seal, name="participant-seal"),
    path("participants/<uuid:pk>/enroll/", records.enrolment_add, name="enrolment-add"),
    path("participants/<uuid:pk>/care-team/", records.care_team_edit, name="care-team-edit"),
    path("participants/<uuid:pk>/consents/add/", records.consent_add, name="consent-add"),
    path("participants/<uuid:pk>/statuses/add/", records.status_add, name="status-add"),
    path("enrollments/<uuid:pk>/end/", records.enrolment_end, name="enrolment-end"),
    path("care-team/<uuid:pk>/end/", records.care_team_end, name="care-team-end"),
    path("consents/<uuid:pk>/revoke/", records.consent_revoke, name="consent-revoke"),
    path("statuses/<uuid:pk>/end/", records.status_end, name="status-end"),
]
