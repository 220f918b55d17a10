"""Signing in and out, choosing agency and language. Of allauth only the views in use are routed."""

from allauth.account.views import LogoutView
from django.urls import include, path

from peerworks.accounts.views import entering

own = [
    path("agencies/", entering.agency_list, name="agency-list"),
    path("agencies/choose/", entering.agency_switch, name="agency-switch"),
    path("language/", entering.language_switch, name="language-switch"),
]

urlpatterns = [
    path("sign-in/", entering.SignIn.as_view(), name="account_login"),
    path("sign-out/", entering.sign_out(LogoutView.as_view()), name="account_logout"),
    path("", include((own, "accounts"))),
]
