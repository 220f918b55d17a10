"""Signing in and out, accounts and members. Of allauth only the views in use are routed."""

from allauth.account.views import LogoutView
from django.urls import include, path

from peerworks.accounts.views import (
    account,
    agency,
    entering,
    factors,
    joining,
    members,
    passwords,
    sessions,
    setup,
)

own = [
    path("agencies/", entering.agency_list, name="agency-list"),
    path("agencies/choose/", entering.agency_switch, name="agency-switch"),
    path("language/", entering.language_switch, name="language-switch"),
    path("me/", account.account_detail, name="account-detail"),
    path("help/hide/", account.help_hide, name="help-hide"),
    path("help/show/", account.help_show, name="help-show"),
    path("password/", passwords.password_change, name="password-change"),
    path("reset/", passwords.reset_ask, name="reset-ask"),
    path("reset/sent/", passwords.reset_sent, name="reset-sent"),
    path("reset/new/", passwords.reset_new, name="reset-new"),
    path("reset/<str:key>/", passwords.reset_open, name="reset-open"),
    path("join/", joining.invitation_accept, name="invitation-accept"),
    path("join/<str:token>/", joining.invitation_open, name="invitation-open"),
    path("setup/", setup.setup_found, name="setup-found"),
    path("setup/<str:token>/", setup.setup_open, name="setup-open"),
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
    path("<uuid:pk>/factor/reset/", sessions.member_factor_reset, name="member-factor-reset"),
    path("", members.member_list, name="member-list"),
    path("invite/", members.member_invite, name="member-invite"),
    path("<uuid:pk>/", members.member_detail, name="member-detail"),
    path("<uuid:pk>/roles/", members.member_roles, name="member-roles"),
    path("<uuid:pk>/disable/", members.member_disable, name="member-disable"),
    path("<uuid:pk>/enable/", members.member_enable, name="member-enable"),
    path("<uuid:pk>/sign-out/", members.member_sign_out, name="member-sign-out"),
    path("invitations/<uuid:pk>/send/", members.invitation_send, name="invitation-send"),
    path("invitations/<uuid:pk>/link/", members.invitation_link, name="invitation-link"),
    path(
        "invitations/<uuid:pk>/withdraw/", members.invitation_withdraw, name="invitation-withdraw"
    ),
    path("invitations/<uuid:pk>/reopen/", members.invitation_reopen, name="invitation-reopen"),
]
of_agency = [
    path("claims/", agency.agency_claims, name="agency-claims"),
    path("sign-out/", agency.agency_idle, name="agency-idle"),
]

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
