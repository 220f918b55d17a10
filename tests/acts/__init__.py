"""The table of what is done in the product: each operation, what it needs, and the event it leaves.

`ACTS` holds them by the dotted name of the operation. `PARTS` and `SILENT` name the operations that
leave no event of their own, each with the reason; `drafts` is proved by a test, too.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

from tests.acts import care, money, notes, staff
from tests.acts.shared import Act
from tests.house.sources import PACKAGES

__all__ = ["ACTS", "PARTS", "SILENT", "Act", "operations"]

ACTS: dict[str, Act] = {**care.ACTS, **money.ACTS, **notes.ACTS, **staff.ACTS}

#: Parts of other operations, which write the one event of the whole.
PARTS = {
    "peerworks.accounts.operations.signins.end_sign_in": "of signing out, which has its event",
    "peerworks.accounts.operations.signins.forget_sign_ins": "of disabling, resetting and signing out",
    "peerworks.accounts.operations.invitations.new_link": "of sending or showing an invitation",
    "peerworks.files.operations.store_file": "of keeping evidence, which tells of it",
    "peerworks.files.operations.withdraw_file": "of withdrawing evidence, which tells of it",
    "peerworks.notices.operations.mails.plan_letter": "of what makes the e-mail due",
    "peerworks.notices.operations.mails.plan_mails": "of raising reminders",
    "providers.operations.evidence.keep_evidence": "of adding or changing a certification",
    "billing.operations.ledger.record": "of signing a note",
    "billing.operations.ledger.reverse": "of a return, a withdrawal, a void and a correction",
    "billing.operations.ledger.reverse_group": "the same, for a group session",
    "billing.operations.ledger.flag_claim_line": "of a void and of a signed correction",
    "billing.operations.notes.open_again": "of a return and a withdrawal",
    "billing.operations.review.record_opening": "stands beside the view event of the page",
    "peerworks.notices.operations.answering.close_notices": "of what ends the cause of a notice",
    "providers.operations.work.record_span": "of signing a note or a session",
    "providers.operations.work.reverse_span": "of taking a note back",
}
#: Operations that leave no event, each with the reason.
SILENT = {
    "peerworks.accounts.operations.signins.forget_what_is_over": "clears rows of sessions that have ended",
    "peerworks.accounts.operations.signins.key_hash": "writes nothing",
    "billing.operations.batch_jobs.is_long": "writes nothing",
    "peerworks.accounts.operations.account.choose_help": "says nothing about anybody else",
    "peerworks.accounts.operations.account.choose_language": "says nothing about anybody else",
    "peerworks.accounts.operations.setup.count_wrong_key": "there is no agency yet to keep it in",
    "peerworks.accounts.operations.setup.open_setup": "the same",
    "peerworks.files.operations.sweep_files": "takes away what belongs to no row",
    "peerworks.jobs.operations.finish": "the machine's own notebook: ids and kinds",
    "peerworks.jobs.operations.try_again": "the same",
    "peerworks.notices.operations.mails.mail_notice": "the notice's own row says how its e-mail went",
    "peerworks.notices.operations.mails.reminder_letter": "writes nothing",
    "providers.operations.evidence.refuse_other_evidence": "writes nothing",
    "billing.operations.batches.plan_batch": "writes nothing",
    "billing.operations.claims.compose": "writes nothing",
    "billing.operations.claims.named_for": "writes nothing",
    "billing.operations.claims.weigh": "writes verdicts, as a part of building a batch",
    "billing.operations.notes.locked_note": "writes nothing",
    "billing.operations.notes.refusal_by_gates": "writes nothing",
    "billing.operations.notes.save_draft": "a draft is saved at each pause; what is signed tells",
    "billing.operations.notes.verdict_before_signing": "writes nothing",
    "billing.operations.notes.visit_of": "writes nothing",
    "peerworks.accounts.operations.membership.add_service_member": "before there is anybody who could act",
    "peerworks.home.operations.weigh_unbilled": "writes nothing",
    "peerworks.jobs.operations.claim": "the effect of the work has its event",
    "peerworks.jobs.operations.note_failure": "the machine's own notebook: ids and kinds",
    "peerworks.jobs.operations.note_start": "the same",
    "peerworks.jobs.operations.plan": "the same",
    "peerworks.jobs.operations.publish_due": "the same",
    "peerworks.notices.operations.answering.mark_seen": "of one's own inbox; the page has its view event",
    "peerworks.rulepacks.operations.check_files": "writes nothing",
    "peerworks.rulepacks.operations.load_files": "rules belong to no agency; the row itself says when",
    "peerworks.rulepacks.operations.load_pack": "the same",
    "peerworks.rulepacks.operations.load_shipped_packs": "the same",
    "peerworks.rulepacks.operations.shipped_files": "writes nothing",
}


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of every `operations` module or package, by dotted name."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            parts = found.name.split(".")
            # Of the page machinery, which runs operations and is none.
            if "operations" in parts and "web" not in parts:
                yield from _functions_of(importlib.import_module(found.name))


def _functions_of(module: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in vars(module).items():
        is_own = inspect.isfunction(function) and function.__module__ == module.__name__
        if is_own and not name.startswith("_"):
            yield f"{module.__name__}.{name}", function
