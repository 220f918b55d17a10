"""Addresses of training: courses, and who has completed them."""

from django.urls import path

from training import views

app_name = "training"

urlpatterns = [
    path("courses/", views.course_list, name="course-list"),
    path("courses/add/", views.course_add, name="course-add"),
    path("courses/<uuid:course_id>/completions/", views.completion_list, name="completion-list"),
    path("courses/<uuid:course_id>/completions/add/", views.completion_add, name="completion-add"),
    path("courses/of/<uuid:provider_id>/", views.provider_section, name="provider-section"),
    path("certificates/<uuid:completion_id>/", views.completion_detail, name="completion-detail"),
    path(
        "certificates/<uuid:completion_id>/revoke/",
        views.completion_revoke,
        name="completion-revoke",
    ),
]
