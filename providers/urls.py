"""Addresses of this app."""

from django.urls import path

from providers.views import credentials, directory, evidence, kinds, people, work

app_name = "providers"

urlpatterns = [
    path("providers/", directory.provider_list, name="provider-list"),
    path("providers/add/", people.provider_add, name="provider-add"),
    path("providers/me/", people.me_detail, name="me-detail"),
    path("providers/<uuid:pk>/", people.provider_detail, name="provider-detail"),
    path("providers/<uuid:pk>/contact/", people.contact_change, name="contact-change"),
    path("providers/<uuid:pk>/sign-in/", people.member_link, name="member-link"),
    path("providers/<uuid:pk>/employments/add/", people.employment_add, name="employment-add"),
    path("providers/<uuid:pk>/placements/add/", people.placement_add, name="placement-add"),
    path("employments/<uuid:pk>/end/", people.employment_end, name="employment-end"),
    path("placements/<uuid:pk>/end/", people.placement_end, name="placement-end"),
    path("providers/<uuid:pk>/credentials/add/", credentials.credential_add, name="credential-add"),
    path("credentials/kinds/", kinds.kind_list, name="kind-list"),
    path("credentials/<uuid:pk>/", credentials.credential_detail, name="credential-detail"),
    path("credentials/<uuid:pk>/renew/", credentials.credential_renew, name="credential-renew"),
    path("credentials/<uuid:pk>/change/", credentials.credential_change, name="credential-change"),
    path("credentials/<uuid:pk>/verify/", credentials.credential_verify, name="credential-verify"),
    path("credentials/<uuid:pk>/stop/", credentials.credential_stop, name="credential-stop"),
    path("credentials/<uuid:pk>/evidence/add/", evidence.evidence_add, name="evidence-add"),
    path("credentials/evidence/<uuid:pk>/", evidence.evidence_open, name="evidence-open"),
    path(
        "credentials/evidence/<uuid:pk>/withdraw/",
        evidence.evidence_withdraw,
        name="evidence-withdraw",
    ),
    path("hours/", work.work_list, name="work-list"),
]
