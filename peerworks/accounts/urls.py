"""Signing in and out, accounts and members. Of allauth only the views in use are routed."""

from allauth.account.views import LogoutView
from django.urls import include, path

from peerworks.accounts.views import account, entering, joining, members, passwords, setup

own = [
    path("agencies/", entering.agency_list, name="agency-list"),
    path("agencies/choose/", entering.agency_switch, name="agency-switch"),
    path("language/", entering.language_switch, name="language-switch"),
    path("me/", account.account_detail, name="account-detail"),
    path("password/", passwords.password_change, name="password-change"),
    path("reset/", passwords.reset_ask, name="reset-ask"),
    path("reset/sent/", passwords.reset_sent, name="reset-sent"),
    path("reset/new/", passwords.reset_new, name="reset-new"),
    path("reset/<str:key>/", passwords.reset_open, name="reset-open"),
    path("join/", joining.invitation_accept, name="invitation-accept"),
    path("join/<str:token>/", joining.invitation_open, name="invitation-open"),
    path("setup/", setup.setup_found, name="setup-found"),
    path("setup/<str:token>/", setup.setup_open, name="setup-open"),
]
of_members = [
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
urlpatterns = [
    path("accounts/sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("accounts/sign-out/", entering.sign_out(LogoutView.as_view()), name="account_logout"),
    path(
        "",
        include(
            ([path("accounts/", include(own)), path("members/", include(of_members))], "accounts")
        ),
    ),
]
