"""What is not done with a batch, as values that a page shows and an operation raises."""

import datetime as dt

from billing.models import Batch
from billing.queries.batches import is_withdrawn, visible_claims
from peerworks.accounts.access import has_permission
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.lib.findings import Refusal, refuse


def refusal_to_build(*, through: dt.date | None, by: Membership, on: dt.date) -> Refusal | None:
    """A biller builds, or a command as the service member; days to come are not billed."""
    if not (by.is_service or has_permission(by, Permission.BUILD_BATCH)):
        return refuse("BATCH-BILLER")
    if through is not None and through > on:
        return refuse("BATCH-FUTURE", today=on)
    return None


def refusal_to_send(batch: Batch, *, by: Membership) -> Refusal | None:
    """A file leaves with somebody who may send it and who sees every person in it."""
    if not (by.is_service or has_permission(by, Permission.SEND_BATCH)):
        return refuse("BATCH-BILLER")
    return _refusal_to_touch(batch)


def refusal_to_discard(batch: Batch, *, by: Membership) -> Refusal | None:
    """Only a batch that has not left is taken back: of one that left, the payer has to be told."""
    if not has_permission(by, Permission.BUILD_BATCH):
        return refuse("BATCH-BILLER")
    if batch.state != Batch.State.CREATED:
        return refuse("BATCH-SENT")
    return _refusal_to_touch(batch)


def _refusal_to_touch(batch: Batch) -> Refusal | None:
    if is_withdrawn(batch):
        return refuse("BATCH-WITHDRAWN")
    if visible_claims(batch) < batch.claims_count:
        return refuse("BATCH-NOT-WHOLE")
    return None
