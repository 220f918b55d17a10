"""Addresses of this app, under `/jobs/`."""

from django.urls import path

from peerworks.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.job_list, name="job-list"),
    path("start/", views.job_start, name="job-start"),
    path("kinds/<str:kind>/", views.kind_detail, name="kind-detail"),
    path("<uuid:pk>/", views.job_detail, name="job-detail"),
    path("<uuid:pk>/progress/", views.job_progress, name="job-progress"),
]
