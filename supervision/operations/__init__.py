"""Assignments, sessions with their signatures, proofs of supervisors, reminders."""

from supervision.operations.assignments import assign_supervisor, end_assignment, name_delegate
from supervision.operations.qualifications import (
    end_qualification,
    record_qualification,
    verify_qualification,
)
from supervision.operations.reminders import raise_overdue_reminders
from supervision.operations.sessions import (
    AgreedAction,
    add_own_words,
    change_session,
    finish_action,
    log_session,
    sign_attendance,
    sign_session,
)

__all__ = [
    "AgreedAction",
    "add_own_words",
    "assign_supervisor",
    "change_session",
    "end_assignment",
    "end_qualification",
    "finish_action",
    "log_session",
    "name_delegate",
    "raise_overdue_reminders",
    "record_qualification",
    "sign_attendance",
    "sign_session",
    "verify_qualification",
]
