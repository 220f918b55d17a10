"""Every write about people who sign in."""

from peerworks.accounts.operations.account import change_account, choose_help, choose_language
from peerworks.accounts.operations.agency import change_idle_minutes, change_what_claims_say
from peerworks.accounts.operations.auditing import take_out_events
from peerworks.accounts.operations.factors import (
    add_factor,
    give_code,
    remove_factor,
    renew_codes,
    reset_factor,
)
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
from peerworks.accounts.operations.setup import (
    Founding,
    count_wrong_key,
    found_agency,
    open_setup,
)
from peerworks.accounts.operations.signins import (
    begin_sign_in,
    confirm_sign_in,
    end_late_sign_in,
    end_other_sign_ins,
    end_own_sign_in,
    end_sign_in,
    forget_sign_ins,
    forget_what_is_over,
    keep,
    key_hash,
)

__all__ = [
    "Founding",
    "accept_invitation",
    "add_factor",
    "add_member",
    "add_service_member",
    "ask_reset",
    "begin_sign_in",
    "change_account",
    "change_idle_minutes",
    "change_password",
    "change_roles",
    "change_what_claims_say",
    "choose_help",
    "choose_language",
    "confirm_sign_in",
    "count_wrong_key",
    "disable_member",
    "enable_member",
    "end_late_sign_in",
    "end_member_sessions",
    "end_other_sign_ins",
    "end_own_sign_in",
    "end_sign_in",
    "forget_sign_ins",
    "forget_what_is_over",
    "found_agency",
    "give_code",
    "invite",
    "join_agency",
    "keep",
    "key_hash",
    "open_setup",
    "remove_factor",
    "renew_codes",
    "reopen_invitation",
    "reset_factor",
    "reset_password",
    "send_invitation_again",
    "show_invitation_link",
    "take_out_events",
    "withdraw_invitation",
    "write_letter",
]
