"""Addresses of this app, under `/rules/`."""

from django.urls import path

from peerworks.rulepacks import views

app_name = "rulepacks"

urlpatterns = [
    path("", views.pack_list, name="pack-list"),
    path("<slug:pack>/<str:version>/", views.pack_detail, name="pack-detail"),
]
