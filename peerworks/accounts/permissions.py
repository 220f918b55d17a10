"""What each permission allows, in a sentence: for the page of permissions and for `docs/permissions.md`.

Both are drawn from `roles.ROLES` and from here, so that they cannot say something else than the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.roles import ROLES, STEP_UP, Permission, RoleName, Scope

P = Permission

SCOPES: Mapping[Scope, tuple[Promise | str, Promise | str]] = {
    Scope.OWN: (_("Own"), _("Their own record and what they write themselves.")),
    Scope.CARE_TEAM: (_("Care team"), _("The people whose care team they are on.")),
    Scope.TEAM: (
        _("Team"),
        _("Those whom they supervise, and the people these serve, while they supervise them."),
    ),
    Scope.COHORTS: (_("Cohorts"), _("The people in the courses that they teach.")),
    Scope.AGENCY: (_("Agency"), _("Everybody in the agency, except for sealed records.")),
}
"""Each scope: one word for a table, and whose records it covers."""

AREAS: Mapping[Promise | str, Mapping[Permission, Promise | str]] = {
    _("Staff"): {
        P.VIEW_DIRECTORY: _("See who works here, with title and programs."),
        P.VIEW_PROVIDER: _("Open a personnel file."),
        P.VIEW_CREDENTIAL: _("See certifications and when they end."),
        P.VIEW_STANDING: _("See who can bill today, and why not."),
        P.EDIT_PROVIDER_CONTACT: _("Change how a worker is addressed and reached."),
        P.MANAGE_EMPLOYMENT: _("Add people to the staff, and record where and how they work."),
        P.VIEW_PAY: _("See what people are paid."),
        P.ADD_CREDENTIAL: _("Enter a certification or its renewal."),
        P.OPEN_EVIDENCE: _("Open the certificate that was uploaded."),
        P.VERIFY_CREDENTIAL: _("Record that a certification was checked at its source."),
        P.RECORD_WORK: _("Record working time."),
        P.VIEW_WORK: _("See recorded working time."),
    },
    _("Supervision and training"): {
        P.ASSIGN_SUPERVISOR: _("Say who supervises whom."),
        P.LOG_SUPERVISION: _("Log a supervision session."),
        P.SIGN_SUPERVISION: _("Sign a supervision session as the person supervised."),
        P.VIEW_SUPERVISION: _("See supervision sessions and what is owed."),
        P.MANAGE_COURSES: _("Add and change courses."),
        P.TAKE_ATTENDANCE: _("Record who took part in a course and who completed it."),
        P.VIEW_TRAINING: _("See who completed which course."),
    },
    _("Participants"): {
        P.VIEW_PARTICIPANT: _(
            "See that somebody is served, with name and record number; what more depends on the role."
        ),
        P.ADD_PARTICIPANT: _("Begin a participant's record."),
        P.EDIT_PARTICIPANT: _("Change a participant's data and enrollment in programs."),
        P.MANAGE_CARE_TEAM: _("Say who works with a participant."),
        P.MANAGE_STATUS: _("Record a stay in hospital or jail, or a death."),
        P.MANAGE_CONSENT: _("Record and revoke a participant's consents."),
        P.VIEW_DIAGNOSIS: _("See a participant's diagnoses."),
        P.EDIT_DIAGNOSIS: _("Record a diagnosis."),
        P.MANAGE_COVERAGE: _("Record which payer covers a participant."),
        P.WRITE_PLAN: _("Write a plan of care and put it into force."),
        P.SIGN_PLAN: _("Record a signature of a plan of care."),
    },
    _("Service notes"): {
        P.WRITE_NOTE: _("Write a service note."),
        P.SIGN_NOTE: _("Sign one's own service note, take it back or correct it."),
        P.VIEW_NOTE_FACTS: _("See a visit's times, codes and units, and what holds it."),
        P.VIEW_NARRATIVE: _("Read the story of a visit."),
        P.REVIEW_NOTE: _("Co-sign or return somebody else's note."),
        P.VOID_NOTE: _("Void a note that was entered by mistake."),
        P.OVERRIDE_FINDING: _("Let a visit pass that a rule holds, with a reason."),
    },
    _("Billing"): {
        P.VIEW_WORKLIST: _("See visits that are on no claim yet."),
        P.VIEW_CLAIM: _("Open claims and batches."),
        P.BUILD_BATCH: _("Build a batch of claims."),
        P.SEND_BATCH: _("Take out the file of a batch for the payer."),
        P.POST_REMITTANCE: _("Record what a payer paid."),
        P.MANAGE_PAYERS: _("Add payers and set rates."),
    },
    _("Rules, reports and the agency"): {
        P.DRAFT_RULES: _("Prepare a change of the rules."),
        P.ACTIVATE_RULES: _("Put a change of the rules into force."),
        P.VIEW_REPORTS: _("See reports."),
        P.EXPORT_DATA: _("Take lists out as a file."),
        P.MANAGE_AGENCY: _("Change the agency, its sites and its programs."),
        P.VIEW_JOBS: _("See what runs in the background, and start it."),
        P.MANAGE_MEMBERS: _("Invite members, give roles and end sessions."),
    },
    _("Privacy"): {
        P.VIEW_AUDIT: _("See who did, saw or was denied what."),
        P.VIEW_DISCLOSURES: _("See what was disclosed to whom."),
        P.MANAGE_SEALS: _("Seal a record and name who may open it."),
        P.EMERGENCY_ACCESS: _("Open a sealed record in an emergency, for an hour."),
    },
}
"""Every permission with its sentence, by area."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may do with one permission: scopes in a word each, and whether a factor is asked for."""

    role: RoleName
    scopes: tuple[str, ...]
    is_starred: bool


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """A permission in words, and a cell for each role in the order of `RoleName`."""

    permission: Permission
    sentence: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """The permissions of one area."""

    title: str
    rows: tuple[PermissionRow, ...]


@dataclass(frozen=True, slots=True)
class RoleCard:
    """One role by itself: what it may do, area by area, as (sentence, cell)."""

    name: RoleName
    sentence: str
    areas: tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]


def matrix() -> list[Area]:
    """Who may do what, in the active language."""
    return [
        Area(
            str(title),
            tuple(
                PermissionRow(each, str(sentence), tuple(_cell(name, each) for name in RoleName))
                for each, sentence in told.items()
            ),
        )
        for title, told in AREAS.items()
    ]


def _cell(name: RoleName, permission: Permission) -> Cell:
    held = ROLES[name].scopes.get(permission, frozenset())
    words = tuple(str(word) for scope, (word, _whose) in SCOPES.items() if scope in held)
    return Cell(name, words, (name, permission) in STEP_UP)


def role_cards() -> list[RoleCard]:
    """Each role by itself, with what it may do and nothing else: what a phone shows."""
    areas = matrix()
    return [RoleCard(name, str(ROLES[name].sentence), _of(name, areas)) for name in RoleName]


def _of(name: RoleName, areas: list[Area]) -> tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...]:
    place = list(RoleName).index(name)
    held = (
        (
            area.title,
            tuple((r.sentence, r.cells[place]) for r in area.rows if r.cells[place].scopes),
        )
        for area in areas
    )
    return tuple((title, rows) for title, rows in held if rows)


def sentence_of(permission: Permission) -> str:
    """What a permission allows, in the active language."""
    return next(str(told[permission]) for told in AREAS.values() if permission in told)
