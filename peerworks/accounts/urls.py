"""Signing in and out, choosing agency and language. Of allauth only the views in use are routed."""

from allauth.account.views import LogoutView
from django.urls import include, path

from peerworks.accounts import views

own = [
    path("agencies/", views.agency_list, name="agency-list"),
    path("agencies/choose/", views.agency_switch, name="agency-switch"),
    path("language/", views.language_switch, name="language-switch"),
]

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-out/", views.sign_out(LogoutView.as_view()), name="account_logout"),
    path("", include((own, "accounts"))),
]
