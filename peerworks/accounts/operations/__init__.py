"""Every write about people who sign in."""

from peerworks.accounts.operations.factors import (
    add_factor,
    give_code,
    remove_factor,
    renew_codes,
    reset_factor,
)
from peerworks.accounts.operations.membership import (
    add_member,
    add_service_member,
    choose_language,
)
from peerworks.accounts.operations.signins import (
    begin_sign_in,
    change_idle_minutes,
    confirm_sign_in,
    end_late_sign_in,
    end_other_sign_ins,
    end_own_sign_in,
    end_sign_in,
    end_sign_ins_of,
    forget_sign_ins,
    forget_what_is_over,
    keep,
    key_hash,
)

__all__ = [
    "add_factor",
    "add_member",
    "add_service_member",
    "begin_sign_in",
    "change_idle_minutes",
    "choose_language",
    "confirm_sign_in",
    "end_late_sign_in",
    "end_other_sign_ins",
    "end_own_sign_in",
    "end_sign_in",
    "end_sign_ins_of",
    "forget_sign_ins",
    "forget_what_is_over",
    "give_code",
    "keep",
    "key_hash",
    "remove_factor",
    "renew_codes",
    "reset_factor",
]
