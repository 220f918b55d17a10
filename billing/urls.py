"""Addresses of this app: plans, notes, review, claims, batches and payers."""

from django.urls import path

from billing.views import batches, note_records, notes, payers, plans, review, worklist
from peerworks.web.pages import by_script

app_name = "billing"

# One line a page, grouped by noun in the order of the docstring.
urlpatterns: list = [
    path("plans/<uuid:pk>/", plans.plan_detail, name="plan-detail"),
    path("plans/<uuid:pk>/change/", plans.plan_change, name="plan-change"),
    path("plans/<uuid:pk>/new-version/", plans.plan_renew, name="plan-renew"),
    path("plans/<uuid:pk>/activate/", plans.plan_activate, name="plan-activate"),
    path("plans/<uuid:pk>/sign/", plans.plan_sign, name="plan-sign"),
    path("participants/<uuid:pk>/plans/", plans.participant_plans, name="participant-plans"),
    path("participants/<uuid:pk>/plans/write/", plans.plan_write, name="plan-write"),
    path("notes/", notes.note_list, name="note-list"),
    path("notes/write/", notes.note_choose, name="note-write"),
    path("notes/for/<uuid:person>/", notes.note_begin, name="note-begin"),
    path("notes/for/<uuid:person>/draft/", by_script(notes.note_draft_new), name="note-draft-new"),
    path("notes/for/<uuid:person>/verdict/", by_script(notes.note_verdict), name="note-verdict"),
    path("notes/<uuid:pk>/", note_records.note_detail, name="note-detail"),
    path("notes/<uuid:pk>/write/", notes.note_write, name="note-write"),
    path("notes/<uuid:pk>/draft/", by_script(notes.note_draft), name="note-draft"),
    path("notes/<uuid:pk>/sign/", notes.note_sign, name="note-sign"),
    path("notes/<uuid:pk>/discard/", notes.note_discard, name="note-discard"),
    path("notes/<uuid:pk>/withdraw/", notes.note_withdraw, name="note-withdraw"),
    path("notes/<uuid:pk>/correct/", note_records.note_correct, name="note-correct"),
    path("notes/<uuid:pk>/addend/", note_records.note_addend, name="note-addend"),
    path("notes/<uuid:pk>/void/", note_records.note_void, name="note-void"),
    path("notes/<uuid:pk>/co-sign/", review.note_cosign, name="note-cosign"),
    path("notes/<uuid:pk>/return/", review.note_return, name="note-return"),
    path("participants/<uuid:pk>/notes/", note_records.participant_notes, name="participant-notes"),
    path("review/", review.review_list, name="review-list"),
    path("review/<uuid:pk>/", review.review_note, name="review-note"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/<uuid:pk>/checks/", worklist.worklist_checks, name="worklist-checks"),
    path("claims/<uuid:pk>/", batches.claim_detail, name="claim-detail"),
    path("batches/", batches.batch_list, name="batch-list"),
    path("batches/build/", batches.batch_build, name="batch-build"),
    path("batches/<uuid:pk>/", batches.batch_detail, name="batch-detail"),
    path("batches/<uuid:pk>/download/", batches.batch_download, name="batch-download"),
    path("batches/<uuid:pk>/discard/", batches.batch_discard, name="batch-discard"),
    path("payers/", payers.payer_list, name="payer-list"),
    path("payers/add/", payers.payer_add, name="payer-add"),
    path("payers/<uuid:pk>/rates/", payers.rates_set, name="rates-set"),
    path("payers/<uuid:pk>/rates/add/", payers.rate_set, name="rate-set"),
    path("participants/<uuid:pk>/coverage/", payers.coverage_list, name="coverage-list"),
    path("participants/<uuid:pk>/coverage/add/", payers.coverage_add, name="coverage-add"),
    path(
        "participants/<uuid:pk>/coverage/today/",
        payers.participant_coverage,
        name="participant-coverage",
    ),
    path("coverages/<uuid:pk>/end/", payers.coverage_end, name="coverage-end"),
    path("participants/<uuid:pk>/diagnoses/add/", payers.diagnosis_add, name="diagnosis-add"),
]
