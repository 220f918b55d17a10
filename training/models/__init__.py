"""What people must learn and have learned."""

from training.models.courses import (
    Attendance,
    Cohort,
    CohortTrainer,
    Completion,
    Course,
    CourseEnrolment,
    Meeting,
)

__all__ = [
    "Attendance",
    "Cohort",
    "CohortTrainer",
    "Completion",
    "Course",
    "CourseEnrolment",
    "Meeting",
]
