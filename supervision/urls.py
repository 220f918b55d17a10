"""Addresses of supervision."""

from django.urls import path

from supervision.views import assignments, sessions, team

app_name = "supervision"

urlpatterns = [
    path("supervision/", team.person_list, name="person-list"),
    path("supervision/owed/", team.owed_list, name="owed-list"),
    path("supervision/sessions/log/", sessions.session_log, name="session-log"),
    path("supervision/sessions/<uuid:session_id>/", sessions.session_detail, name="session-detail"),
    path(
        "supervision/sessions/<uuid:session_id>/change/",
        sessions.session_change,
        name="session-change",
    ),
    path(
        "supervision/sessions/<uuid:session_id>/sign/", sessions.session_sign, name="session-sign"
    ),
    path(
        "supervision/actions/<uuid:action_id>/finish/", sessions.action_finish, name="action-finish"
    ),
    path("supervision/assignments/add/", assignments.assignment_add, name="assignment-add"),
    path(
        "supervision/assignments/<uuid:assignment_id>/end/",
        assignments.assignment_end,
        name="assignment-end",
    ),
    path(
        "supervision/assignments/<uuid:assignment_id>/delegate/",
        assignments.assignment_delegate,
        name="assignment-delegate",
    ),
    path(
        "supervision/qualifications/<uuid:qualification_id>/verify/",
        assignments.qualification_verify,
        name="qualification-verify",
    ),
    path(
        "supervision/qualifications/<uuid:qualification_id>/end/",
        assignments.qualification_end,
        name="qualification-end",
    ),
    path("supervision/<uuid:provider_id>/", team.person_detail, name="person-detail"),
    path("supervision/<uuid:provider_id>/section/", team.provider_section, name="provider-section"),
    path("supervision/<uuid:provider_id>/log/", sessions.session_log, name="session-log"),
    path(
        "supervision/<uuid:provider_id>/assign/", assignments.assignment_add, name="assignment-add"
    ),
    path(
        "supervision/<uuid:provider_id>/supervisor/",
        team.supervisor_detail,
        name="supervisor-detail",
    ),
    path(
        "supervision/<uuid:provider_id>/qualifications/add/",
        assignments.qualification_add,
        name="qualification-add",
    ),
]
