"""Every write about people who sign in."""

from peerworks.accounts.operations.auditing import take_out_events
from peerworks.accounts.operations.membership import (
    add_member,
    add_service_member,
    choose_language,
)

__all__ = ["add_member", "add_service_member", "choose_language", "take_out_events"]
