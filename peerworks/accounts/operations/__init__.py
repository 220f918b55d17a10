"""Every write about people who sign in."""

from peerworks.accounts.operations.account import change_account, choose_language
from peerworks.accounts.operations.auditing import take_out_events
from peerworks.accounts.operations.invitations import (
    accept_invitation,
    invite,
    join_agency,
    reopen_invitation,
    send_invitation_again,
    show_invitation_link,
    withdraw_invitation,
)
from peerworks.accounts.operations.letters import write_letter
from peerworks.accounts.operations.membership import (
    add_member,
    add_service_member,
    change_roles,
    disable_member,
    enable_member,
    end_member_sessions,
)
from peerworks.accounts.operations.passwords import ask_reset, change_password, reset_password
from peerworks.accounts.operations.sessions import end_sessions
from peerworks.accounts.operations.setup import (
    Founding,
    count_wrong_key,
    found_agency,
    open_setup,
)

__all__ = [
    "Founding",
    "accept_invitation",
    "add_member",
    "add_service_member",
    "ask_reset",
    "change_account",
    "change_password",
    "change_roles",
    "choose_language",
    "count_wrong_key",
    "disable_member",
    "enable_member",
    "end_member_sessions",
    "end_sessions",
    "found_agency",
    "invite",
    "join_agency",
    "open_setup",
    "reopen_invitation",
    "reset_password",
    "send_invitation_again",
    "show_invitation_link",
    "take_out_events",
    "withdraw_invitation",
    "write_letter",
]
