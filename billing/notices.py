"""What this app does in the background, as the page of jobs calls it."""

from django.utils.translation import gettext_lazy as _

from peerworks.jobs import kinds

BATCH_TASK = "billing.batch_built"


def register() -> None:
    """Declare the kind of job; called once, when the program starts."""
    kinds.register(
        kinds.JobKind(
            BATCH_TASK,
            _("Building a batch"),
            counts={"claims": _("Claims"), "lines": _("Lines"), "notes": _("Visits")},
            url_name="billing:batch-detail",
            is_private=True,
        )
    )
