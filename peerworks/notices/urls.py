"""Addresses of this app, under `/notices/`."""

from django.urls import path

from peerworks.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="notice-list"),
    path("past/", views.notice_past, name="notice-past"),
    path("<uuid:pk>/done/", views.notice_done, name="notice-done"),
    path("<uuid:pk>/put-off/", views.notice_put_off, name="notice-put-off"),
    path("<uuid:pk>/not-needed/", views.notice_not_needed, name="notice-not-needed"),
    path("<uuid:pk>/take-back/", views.notice_take_back, name="notice-take-back"),
]
