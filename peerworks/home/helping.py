"""Help: short cards "How do I …?" for each role, each with the page where it is done.

A card stands for the roles that do the thing, and is shown to those who may open its page: the
permission on the view decides, so that no card leads to a closed door.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import may_visit
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import RoleName

ON_TODAY = 3
"""How many cards Today shows; the page of help has all."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question, its answer in two sentences, and the page where it is done, by name and in words."""

    question: str | Promise
    answer: str | Promise
    url_name: str
    link: str | Promise


@dataclass(frozen=True, slots=True)
class Chapter:
    """The cards of one role, or of everybody."""

    title: str
    cards: tuple[Card, ...]


CARDS: Mapping[RoleName, tuple[Card, ...]] = {
    RoleName.PEER: (
        Card(
            _("How do I write a note?"),
            _(
                "Choose the person, say when and where it was, and answer four short questions in your own words. A draft is kept while you write."
            ),
            "billing:note-write",
            _("Write a note"),
        ),
        Card(
            _("Why can a visit not be billed?"),
            _("Each note says in one sentence what is in the way, what mends it and who can."),
            "billing:note-list",
            _("My notes"),
        ),
        Card(
            _("How do I renew my certification?"),
            _(
                "Open your file and add the renewal, with a photo of the certificate. Somebody else checks it at its source."
            ),
            "providers:me-detail",
            _("My file"),
        ),
        Card(
            _("How do I sign a supervision session?"),
            _(
                "Sessions that wait for your signature stand on the page of supervision. You can add your own words before you sign."
            ),
            "supervision:person-list",
            _("Supervision"),
        ),
        Card(
            _("Where do my hours come from?"),
            _(
                "Hours are recorded when a note or a session is signed. The page shows them day by day."
            ),
            "providers:work-list",
            _("My hours"),
        ),
    ),
    RoleName.SUPERVISOR: (
        Card(
            _("How do I review notes?"),
            _(
                "Open a note of the queue, read it, then approve it or return it with words. The keys j, k, a and r do the same."
            ),
            "billing:review-list",
            _("Notes to review"),
        ),
        Card(
            _("How do I log a supervision session?"),
            _(
                "Write down with whom, when and what you talked about. You sign first, then the person you supervise."
            ),
            "supervision:session-log",
            _("Log a session"),
        ),
        Card(
            _("Who in my team is due for supervision?"),
            _(
                "The list shows who is due, who is overdue and who has no supervisor, the most urgent first."
            ),
            "supervision:owed-list",
            _("Supervision that is owed"),
        ),
        Card(
            _("How do I write a plan of care?"),
            _(
                "Open the person and begin a plan there. It comes into force when those whom the rules name have signed it."
            ),
            "participants:participant-list",
            _("People"),
        ),
    ),
    RoleName.ADMINISTRATOR: (
        Card(
            _("Who cannot bill today, and why?"),
            _(
                "The list of the staff says for each person whether they can bill today, and what is missing."
            ),
            "providers:provider-list",
            _("Staff"),
        ),
        Card(
            _("How do I add somebody to the staff?"),
            _(
                "Enter the person with title and program; the certification comes next. To let them sign in, invite them as a member, too."
            ),
            "providers:provider-add",
            _("Add a person"),
        ),
        Card(
            _("How do I give somebody access?"),
            _(
                "Invite them by e-mail and tick their roles. They choose their own password and second factor."
            ),
            "accounts:member-invite",
            _("Invite somebody"),
        ),
        Card(
            _("Which rules decide what can be billed?"),
            _(
                "Each state has a dated pack of rules with its sources. What no source confirms is marked as unverified."
            ),
            "rulepacks:pack-list",
            _("Rules"),
        ),
    ),
    RoleName.BILLER: (
        Card(
            _("What holds money?"),
            _(
                "The list shows visits that are on no claim yet, by what holds them, with the sum. Each row says who can mend it."
            ),
            "billing:worklist",
            _("Visits to bill"),
        ),
        Card(
            _("How do I build a batch?"),
            _(
                "Choose payer and days and look at the preview. What cannot be billed is left out, with the reason."
            ),
            "billing:batch-build",
            _("Build a batch"),
        ),
        Card(
            _("Where is the file for the payer?"),
            _(
                "Open the batch and download its file. A batch that is not downloaded yet can be taken back."
            ),
            "billing:batch-list",
            _("Batches"),
        ),
        Card(
            _("How do I set a rate?"),
            _(
                "Open the payer and add the rate with the day from which it holds, or all that wait at once."
            ),
            "billing:payer-list",
            _("Payers"),
        ),
    ),
    RoleName.TRAINER: (
        Card(
            _("How do I record who completed a course?"),
            _("Open the course and record the completion, with the day and the certificate."),
            "training:course-list",
            _("Courses"),
        ),
        Card(
            _("How do I add a course?"),
            _("Give it a title in both languages, and the key by which the rules ask for it."),
            "training:course-add",
            _("Add a course"),
        ),
        Card(
            _("Who lacks a training?"),
            _("The list of the staff says for each person what is missing."),
            "providers:provider-list",
            _("Staff"),
        ),
    ),
    RoleName.PRIVACY_OFFICER: (
        Card(
            _("Who saw somebody's record?"),
            _(
                "Look for the participant in the audit trail. From the record itself you get the same as a page for paper."
            ),
            "audit:event-list",
            _("Audit trail"),
        ),
        Card(
            _("Who may do what?"),
            _(
                "The table lists every permission with the roles that hold it, and where a second factor is asked for."
            ),
            "audit:permission-list",
            _("Roles and permissions"),
        ),
    ),
    RoleName.AUDITOR: (
        Card(
            _("How do I follow a claim to its signatures?"),
            _(
                "Open the batch, then the claim. Each line leads to its note, the signatures and what the verdict rested on."
            ),
            "billing:batch-list",
            _("Batches"),
        ),
        Card(
            _("Which rules were in force?"),
            _("Each version of the rules is kept with its day and its sources."),
            "rulepacks:pack-list",
            _("Rules"),
        ),
        Card(
            _("Who changed something?"),
            _("The audit trail names who did what and when. Nobody can change it afterwards."),
            "audit:event-list",
            _("Audit trail"),
        ),
    ),
}

FOR_ALL = (
    Card(
        _("How do I change the language, the colors or the keys?"),
        _(
            "Your account has the language, light or dark pages, and whether single keys lead somewhere."
        ),
        "accounts:account-detail",
        _("My account"),
    ),
    Card(
        _("I forgot to sign out somewhere."),
        _("See where you are signed in, and sign out any other device from here."),
        "accounts:session-list",
        _("My sessions"),
    ),
)


def chapters_for(member: Membership) -> list[Chapter]:
    """The help for a member: a chapter for each of their roles, then what is for everybody."""
    found = [
        Chapter(str(role.label), _open_to(member, cards))
        for role, cards in CARDS.items()
        if role in member.roles
    ]
    found.append(Chapter(_of_everybody(), _open_to(member, FOR_ALL)))
    return [each for each in found if each.cards]


def cards_on_today(member: Membership) -> tuple[Card, ...]:
    """The first cards of the help, for those who have not put them away."""
    if not member.user.shows_help:
        return ()
    return tuple(card for chapter in chapters_for(member) for card in chapter.cards)[:ON_TODAY]


def _open_to(member: Membership, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    return tuple(each for each in cards if may_visit(member, each.url_name))


def _of_everybody() -> str:
    return gettext("Everybody")
