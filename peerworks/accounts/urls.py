"""Signing in and out, second factor, sessions, agency and language. Of allauth only the views in use are routed."""

from allauth.account.views import LogoutView
from django.urls import include, path

from peerworks.accounts.views import entering, factors, sessions

own = [
    path("agencies/", entering.agency_list, name="agency-list"),
    path("agencies/choose/", entering.agency_switch, name="agency-switch"),
    path("language/", entering.language_switch, name="language-switch"),
    path("factor/", factors.factor_detail, name="factor-detail"),
    path("factor/add/", factors.factor_add, name="factor-add"),
    path("factor/remove/", factors.factor_remove, name="factor-remove"),
    path("factor/codes/", factors.codes_renew, name="codes-renew"),
    path("step-up/", factors.step_up, name="step-up"),
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/end-others/", sessions.session_end_others, name="session-end-others"),
    path("sessions/<uuid:sign_in>/end/", sessions.session_end, name="session-end"),
    path("session/left/", sessions.session_left, name="session-left"),
    path("session/extend/", sessions.session_extend, name="session-extend"),
    path("session/again/", sessions.signed_in_again, name="session-again"),
]
of_members = [
    path("sessions/", sessions.member_sessions_list, name="member-sessions-list"),
    path("<uuid:pk>/sessions/", sessions.member_sessions, name="member-sessions"),
    path("<uuid:pk>/sessions/end/", sessions.member_sessions_end, name="member-sessions-end"),
    path("<uuid:pk>/factor/reset/", sessions.member_factor_reset, name="member-factor-reset"),
]
of_agency = [path("sign-out/", sessions.agency_idle, name="agency-idle")]

urlpatterns = [
    path("accounts/sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("accounts/sign-in/code/", factors.second_factor, name="mfa_authenticate"),
    path("accounts/sign-out/", entering.sign_out(LogoutView.as_view()), name="account_logout"),
    path(
        "",
        include(
            (
                [
                    path("accounts/", include(own)),
                    path("members/", include(of_members)),
                    path("agency/", include(of_agency)),
                ],
                "accounts",
            )
        ),
    ),
]
