"""The forms of this app: of people who sign in, second factors, and the audit trail."""

from peerworks.accounts.forms.agency import OnClaimsForm
from peerworks.accounts.forms.factors import CodeForm, EnrolForm, IdleForm
from peerworks.accounts.forms.people import (
    PASSWORD_FIELDS,
    AcceptForm,
    AccountForm,
    AskResetForm,
    ChangePasswordForm,
    FindMemberForm,
    InviteForm,
    JoinForm,
    NewPasswordForm,
    RolesForm,
    SetupForm,
    SignInForm,
)
from peerworks.accounts.forms.trail import SORTED, EventsForm, PeriodForm

__all__ = [
    "PASSWORD_FIELDS",
    "SORTED",
    "AcceptForm",
    "AccountForm",
    "AskResetForm",
    "ChangePasswordForm",
    "CodeForm",
    "EnrolForm",
    "EventsForm",
    "FindMemberForm",
    "IdleForm",
    "InviteForm",
    "JoinForm",
    "NewPasswordForm",
    "OnClaimsForm",
    "PeriodForm",
    "RolesForm",
    "SetupForm",
    "SignInForm",
]
