"""Addresses of the page machinery, under `/session/`, namespace `web`."""

from django.urls import path

from peerworks.web import views

app_name = "web"

urlpatterns = [path("token/", views.form_token, name="form-token")]
