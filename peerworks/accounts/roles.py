"""Permissions, roles and the matrix of who may do what, in which scope: all of it code.

The matrix is the table of `docs/permissions.md`, which `make docs` draws from here. A scope says
whose rows a permission covers; `peerworks.accounts.reach` turns it into a filter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Scope(StrEnum):
    """Whose records. Several roles add up, so a member may hold several scopes."""

    OWN = "O"
    CARE_TEAM = "C"
    TEAM = "T"
    COHORTS = "K"
    AGENCY = "A"


class Permission(StrEnum):
    """What a page or an operation asks for."""

    VIEW_DIRECTORY = "VIEW_DIRECTORY"
    VIEW_PROVIDER = "VIEW_PROVIDER"
    VIEW_CREDENTIAL = "VIEW_CREDENTIAL"
    VIEW_STANDING = "VIEW_STANDING"
    EDIT_PROVIDER_CONTACT = "EDIT_PROVIDER_CONTACT"
    MANAGE_EMPLOYMENT = "MANAGE_EMPLOYMENT"
    VIEW_PAY = "VIEW_PAY"
    ADD_CREDENTIAL = "ADD_CREDENTIAL"
    OPEN_EVIDENCE = "OPEN_EVIDENCE"
    VERIFY_CREDENTIAL = "VERIFY_CREDENTIAL"
    RECORD_WORK = "RECORD_WORK"
    VIEW_WORK = "VIEW_WORK"
    ASSIGN_SUPERVISOR = "ASSIGN_SUPERVISOR"
    MANAGE_CARE_TEAM = "MANAGE_CARE_TEAM"
    LOG_SUPERVISION = "LOG_SUPERVISION"
    SIGN_SUPERVISION = "SIGN_SUPERVISION"
    VIEW_SUPERVISION = "VIEW_SUPERVISION"
    MANAGE_COURSES = "MANAGE_COURSES"
    TAKE_ATTENDANCE = "TAKE_ATTENDANCE"
    VIEW_TRAINING = "VIEW_TRAINING"
    VIEW_PARTICIPANT = "VIEW_PARTICIPANT"
    ADD_PARTICIPANT = "ADD_PARTICIPANT"
    EDIT_PARTICIPANT = "EDIT_PARTICIPANT"
    MANAGE_STATUS = "MANAGE_STATUS"
    VIEW_DIAGNOSIS = "VIEW_DIAGNOSIS"
    EDIT_DIAGNOSIS = "EDIT_DIAGNOSIS"
    MANAGE_COVERAGE = "MANAGE_COVERAGE"
    MANAGE_CONSENT = "MANAGE_CONSENT"
    WRITE_PLAN = "WRITE_PLAN"
    SIGN_PLAN = "SIGN_PLAN"
    WRITE_NOTE = "WRITE_NOTE"
    SIGN_NOTE = "SIGN_NOTE"
    VIEW_NOTE_FACTS = "VIEW_NOTE_FACTS"
    VIEW_NARRATIVE = "VIEW_NARRATIVE"
    REVIEW_NOTE = "REVIEW_NOTE"
    VOID_NOTE = "VOID_NOTE"
    OVERRIDE_FINDING = "OVERRIDE_FINDING"
    VIEW_WORKLIST = "VIEW_WORKLIST"
    VIEW_CLAIM = "VIEW_CLAIM"
    BUILD_BATCH = "BUILD_BATCH"
    POST_REMITTANCE = "POST_REMITTANCE"
    SEND_BATCH = "SEND_BATCH"
    MANAGE_PAYERS = "MANAGE_PAYERS"
    DRAFT_RULES = "DRAFT_RULES"
    ACTIVATE_RULES = "ACTIVATE_RULES"
    VIEW_REPORTS = "VIEW_REPORTS"
    EXPORT_DATA = "EXPORT_DATA"
    MANAGE_AGENCY = "MANAGE_AGENCY"
    VIEW_JOBS = "VIEW_JOBS"
    MANAGE_MEMBERS = "MANAGE_MEMBERS"
    VIEW_AUDIT = "VIEW_AUDIT"
    VIEW_DISCLOSURES = "VIEW_DISCLOSURES"
    MANAGE_SEALS = "MANAGE_SEALS"
    EMERGENCY_ACCESS = "EMERGENCY_ACCESS"


class RoleName(models.TextChoices):
    """The seven roles, as stored on a membership."""

    PEER = "PEER", _("Peer specialist")
    SUPERVISOR = "SUPERVISOR", _("Supervisor")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")
    BILLER = "BILLER", _("Biller")
    TRAINER = "TRAINER", _("Trainer")
    PRIVACY_OFFICER = "PRIVACY_OFFICER", _("Privacy officer")
    AUDITOR = "AUDITOR", _("Auditor")


@dataclass(frozen=True)
class Role:
    """A role: its name, a sentence for the members page, and what it may do in which scope."""

    name: RoleName
    sentence: Promise | str
    scopes: Mapping[Permission, frozenset[Scope]]


# One line a permission, in the order of RoleName: peer, supervisor, administrator, biller, trainer,
# privacy officer, auditor. "-" is none; a star asks for a factor at most ten minutes old.
_MATRIX = """
VIEW_DIRECTORY         A  A  A  A  A  A  A
VIEW_PROVIDER          O  T  A  -  A  -  A
VIEW_CREDENTIAL        O  T  A  -  A  -  A
VIEW_STANDING          O  T  A  A  A  -  A
EDIT_PROVIDER_CONTACT  O  -  A  -  -  -  -
MANAGE_EMPLOYMENT      -  -  A  -  -  -  -
VIEW_PAY               -  -  A  -  -  -  -
ADD_CREDENTIAL         O  -  A  -  -  -  -
OPEN_EVIDENCE          O  T  A  -  -  -  A
VERIFY_CREDENTIAL      -  -  A  -  -  -  -
RECORD_WORK            O  O  O  O  O  O  -
VIEW_WORK              O  T  A  O  O  O  A
ASSIGN_SUPERVISOR      -  -  A  -  -  -  -
MANAGE_CARE_TEAM       -  T  A  -  -  -  -
LOG_SUPERVISION        -  T  -  -  -  -  -
SIGN_SUPERVISION       O  O  O  -  -  -  -
VIEW_SUPERVISION       O  T  A  -  -  -  A
MANAGE_COURSES         -  -  A  -  A  -  -
TAKE_ATTENDANCE        -  -  A  -  A  -  -
VIEW_TRAINING          O  T  A  -  A  -  A
VIEW_PARTICIPANT       C  T  A  A  K  A  A
ADD_PARTICIPANT        -  T  A  -  -  -  -
EDIT_PARTICIPANT       -  T  A  -  -  -  -
MANAGE_STATUS          C  T  A  -  -  -  -
VIEW_DIAGNOSIS         -  T  -  A  -  -  A
EDIT_DIAGNOSIS         -  T  -  -  -  -  -
MANAGE_COVERAGE        -  -  A  A  -  -  -
MANAGE_CONSENT         C  T  -  -  -  A  -
WRITE_PLAN             C  T  -  -  -  -  -
SIGN_PLAN              C  T  -  -  -  -  -
WRITE_NOTE             C  C  -  -  -  -  -
SIGN_NOTE              C  C  -  -  -  -  -
VIEW_NOTE_FACTS        C  T  A  A  -  A  A
VIEW_NARRATIVE         C  T  -  -  -  A* A
REVIEW_NOTE            -  T  -  -  -  -  -
VOID_NOTE              -  T  -  -  -  -  -
OVERRIDE_FINDING       -  T* -  A* -  -  -
VIEW_WORKLIST          -  -  A  A  -  -  A
VIEW_CLAIM             -  -  A  A  -  -  A
BUILD_BATCH            -  -  -  A  -  -  -
POST_REMITTANCE        -  -  -  A  -  -  -
SEND_BATCH             -  -  -  A* -  -  -
MANAGE_PAYERS          -  -  A  A  -  -  -
DRAFT_RULES            -  -  A  -  -  -  -
ACTIVATE_RULES         -  -  A* -  -  -  -
VIEW_REPORTS           O  T  A  A  A  A  A
EXPORT_DATA            -  T* A* A* A* A* A*
MANAGE_AGENCY          -  -  A  -  -  -  -
VIEW_JOBS              -  -  A  -  -  -  -
MANAGE_MEMBERS         -  -  A* -  -  -  -
VIEW_AUDIT             -  -  -  -  -  A  A
VIEW_DISCLOSURES       -  -  -  -  -  A  A
MANAGE_SEALS           -  -  -  -  -  A* -
EMERGENCY_ACCESS       -  -  -  -  -  A* -
"""

_SENTENCES = {
    RoleName.PEER: _("Records visits with the people whose care team they are on."),
    RoleName.SUPERVISOR: _("Supervises peers, reviews their notes and sees their people."),
    RoleName.ADMINISTRATOR: _("Runs staff, certifications, programs and access."),
    RoleName.BILLER: _("Builds claims and sees a visit's facts, never its story."),
    RoleName.TRAINER: _("Runs courses and takes attendance."),
    RoleName.PRIVACY_OFFICER: _("Sees who saw what, and keeps sealed records."),
    RoleName.AUDITOR: _("Reads everything that explains a claim, and changes nothing."),
}


def _read_matrix():
    cells: dict[RoleName, dict[Permission, frozenset[Scope]]] = {name: {} for name in RoleName}
    starred = set()
    for line in _MATRIX.split("\n"):
        if not line.strip():
            continue
        permission, *columns = line.split()
        for name, cell in zip(RoleName, columns, strict=True):
            if cell == "-":
                continue
            cells[name][Permission(permission)] = frozenset({Scope(cell.rstrip("*"))})
            if cell.endswith("*"):
                starred.add((name, Permission(permission)))
    return cells, frozenset(starred)


_CELLS, STEP_UP = _read_matrix()
ROLES: Mapping[RoleName, Role] = {
    name: Role(name, _SENTENCES[name], _CELLS[name]) for name in RoleName
}


def scopes_of(roles: Iterable[str], permission: Permission) -> frozenset[Scope]:
    """In which scopes these roles together hold a permission; empty when they do not."""
    held: set[Scope] = set()
    for each in roles:
        held |= ROLES[RoleName(each)].scopes.get(permission, frozenset())
    return frozenset(held)


def roles_with(permission: Permission) -> tuple[RoleName, ...]:
    """The roles that hold a permission in any scope."""
    return tuple(name for name, role in ROLES.items() if permission in role.scopes)


def asks_step_up(roles: Iterable[str], permission: Permission) -> bool:
    """Whether these roles hold a permission, and each that does asks for a fresh second factor."""
    holding = [RoleName(each) for each in roles if permission in ROLES[RoleName(each)].scopes]
    return bool(holding) and all((each, permission) in STEP_UP for each in holding)
