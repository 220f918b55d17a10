"""Addresses of the demonstration: its first page, and signing in as one of the nine."""

from django.urls import path

from peerworks.home import views

app_name = "demo"
urlpatterns = [
    path("", views.person_list, name="person-list"),
    path("demo/components/", views.component_list, name="component-list"),
    path("demo/mail/", views.mail_list, name="mail-list"),
    path("demo/sign-in/<slug:who>/", views.sign_in, name="sign-in"),
]
