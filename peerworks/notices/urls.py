"""Addresses of this app, under `/notices/`."""

from django.urls import path

from peerworks.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="notice-list"),
    path("<uuid:pk>/done/", views.notice_done, name="notice-done"),
]
