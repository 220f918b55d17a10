"""Addresses of this app, under `/files/`."""

from django.urls import path

from peerworks.files import views

app_name = "files"

urlpatterns = [path("<uuid:pk>/", views.file_open, name="file-open")]
