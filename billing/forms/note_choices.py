"""What one writer may choose in a note: services with their reasons, places, modes, goals."""

import datetime as dt
from collections.abc import Sequence

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.forms.notes import Choices, NoteForm, ServiceOption, service_value
from billing.gates import engine
from billing.gates.engine import ServiceChoice
from billing.models import NoteVersion, ServiceNote
from billing.models.notes import BREAK
from billing.queries import notes as queries
from billing.queries.notes import OFFICE, PLACES, Habit, Usual
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.lib.rulepack import Service
from peerworks.participants.models import Enrolment, Participant
from peerworks.rulepacks.queries import packs_on
from peerworks.web import reasons
from providers.models import Activity, Provider

_COMMON_APART = (Activity.TRANSPORT_ONLY, Activity.TRAVEL, Activity.DOCUMENTATION)


def choices_for(
    participant: Participant, provider: Provider, on: dt.date, note: ServiceNote | None = None
) -> Choices:
    """The chips of the form for one person on one day.

    Services that cannot be billed today stand apart, each with its reasons, and may be chosen all
    the same: what happened is recorded, and held. Once a note was signed its service stays.
    """
    programs = _programs(participant, provider, on)
    services = _services_of_packs(programs, on)
    given = [each.places.allowed.members for each in services]
    places = {place for allowed in given for place in allowed} or set(PLACES)
    modes = {mode for each in services for mode in each.modes.allowed.members}
    options, programs = _options(participant, provider, programs, on, note)
    return Choices(
        programs=tuple(programs),
        services=tuple(options),
        places=tuple((code, words) for code, words in PLACES.items() if code in places),
        modes=tuple(each for each in NoteVersion.Mode.values if each in modes or not modes),
        goals=_goals(participant, programs, on, note),
        activities=(BREAK, *_apart(programs, on)),
    )


_DIFFERENT = _("Change them if this visit was different.")
_BEGUN_WITH = {
    Habit.PERSON: _("“Where” and “How” are filled in as in most of your visits with this person."),
    Habit.PROGRAM: _("“Where” and “How” are filled in as in most of your visits in this program."),
    Habit.ALL: _("“Where” and “How” are filled in as in most of your other visits."),
    Habit.NONE: _(
        "No earlier visit of yours fits here, so “Office” and “In person” are filled in."
    ),
}
"""What stands at the field: place and mode decide what is billed, so nothing is chosen unsaid."""


def new_form(
    participant: Participant, member: Membership, choices: Choices, day: dt.date
) -> NoteForm:
    """The form of a new note, on a day of its site, with only the facts that persist.

    These are the usual place and way of meeting, a single service, a single goal. Times and words are
    never filled in, and a service or goal is never chosen of several. Before the first visit the
    place is the office and the way "in person"; where these come from is said at the field.
    """
    usual = _usual(participant, member, choices)
    services, goals = choices.open_services, choices.goals
    initial = {
        "version": 0,
        "day": day,
        "service": services[0].value if len(services) == 1 else "",
        "place": usual.place,
        "mode": usual.mode,
        "goals": [goals[0][0]] if len(goals) == 1 else [],
    }
    form = NoteForm(choices=choices, initial=initial)
    if usual.place:
        form.fields["place"].help_text = format_lazy("{} {}", _BEGUN_WITH[usual.of], _DIFFERENT)
    return form


def _usual(participant: Participant, member: Membership, choices: Choices) -> Usual:
    places = [code for code, _words in choices.places]
    found = queries.usual_place(
        participant.pk, member, choices.programs, places=places, modes=choices.modes
    )
    if found.of is not Habit.NONE:
        return found
    in_person = NoteVersion.Mode.IN_PERSON
    both = OFFICE in places and in_person in choices.modes
    return Usual(OFFICE, in_person) if both else found


def _programs(participant: Participant, provider: Provider, on: dt.date) -> list[Program]:
    mine = queries.my_programs(provider, on)
    enrolled = Enrolment.objects.for_participants([participant.pk]).in_force_on(on)
    theirs = set(enrolled.values_list("program_id", flat=True))
    return [each for each in mine if each.pk in theirs] or mine


def _services_of_packs(programs: Sequence[Program], on: dt.date) -> list[Service]:
    packs = packs_on((each.pack, on) for each in programs)
    return [service for pack in packs.values() for service in pack.services if not service.is_group]


def _options(
    participant: Participant,
    provider: Provider,
    programs: list[Program],
    on: dt.date,
    note: ServiceNote | None,
) -> tuple[list[ServiceOption], list[Program]]:
    if note is not None and note.first_signed_at is not None:
        return [_kept(note, on)], [note.program]
    found = engine.services_for(
        provider_id=provider.pk,
        participant_id=participant.pk,
        program_ids=[each.pk for each in programs],
        on=on,
    )
    shown = [each for each in found if each.setting == ServiceNote.Setting.INDIVIDUAL]
    options = _explained(shown)
    if note is not None and note.service_key and not _has(options, note):
        options.append(_kept(note, on))
        programs = [*programs, *([] if note.program in programs else [note.program])]
    return options, programs


def _has(options: Sequence[ServiceOption], note: ServiceNote) -> bool:
    return service_value(note.program_id, note.service_key) in {each.value for each in options}


def _kept(note: ServiceNote, on: dt.date) -> ServiceOption:
    rule = queries.rule_of(note, note.service_day or on)
    words = note.service_key if rule is None else rule.words(get_language() or "en")
    return ServiceOption(service_value(note.program_id, note.service_key), words, is_open=True)


def _explained(choices: Sequence[ServiceChoice]) -> list[ServiceOption]:
    language = "es" if (get_language() or "en").startswith("es") else "en"
    stopping = [[each for each in choice.findings if each.stops] for choice in choices]
    names = reasons.names_of(each for held in stopping for each in held)
    return [
        ServiceOption(
            value=service_value(choice.program_id, choice.service),
            words=choice.labels[language],
            is_open=choice.can_bill,
            reasons=tuple(reasons.explain(held, names=names)),
        )
        for choice, held in zip(choices, stopping, strict=True)
    ]


def _goals(
    participant: Participant, programs: Sequence[Program], on: dt.date, note: ServiceNote | None
) -> tuple[tuple[str, str], ...]:
    program = note.program if note is not None else next(iter(programs), None)
    found = [] if program is None else queries.goals_on(participant.pk, program.pk, on)
    return tuple((str(each.pk), each.text) for each in found)


def _apart(programs: Sequence[Program], on: dt.date) -> tuple[str, ...]:
    """What may be set apart: what the packs never bill, in the order of the ledger's activities."""
    packs = packs_on((each.pack, on) for each in programs).values()
    never = {
        each
        for pack in packs
        if pack.never_billable.activities is not None
        for each in pack.never_billable.activities.members
    }
    named = never or {str(each) for each in _COMMON_APART}
    return tuple(str(each) for each in Activity if str(each) in named)
