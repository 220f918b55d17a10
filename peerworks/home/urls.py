"""Addresses of the pages that look across apps."""

from django.urls import path

from peerworks.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.today, name="today"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.statement, name="statement"),
]
