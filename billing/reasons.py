"""The words of billing's reason codes: sentence, what mends it, and who can."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.models import ServiceNote
from peerworks.lib.findings import RecordRef
from peerworks.web import reasons

NEVER = "NEVER"
"""Stands for a day in the parameters of a reason where there is none, as in `billing.gates.rules`."""


def register() -> None:
    """Give each code its words; called once, when the program starts."""
    for code, title in TITLES.items():
        reasons.register_label(code, title)
    _claims()
    _batches()
    _plans()
    _notes()
    _review()
    _gates()


TITLES = {
    "STAFF-OFF": _("Not on staff"),
    "STAFF-VOL": _("Volunteer"),
    "CERT-NONE": _("No certification"),
    "CERT-EXP": _("Certification ended"),
    "CERT-STATE": _("Certification of another state"),
    "CERT-ENDORSE": _("Certification does not cover the service"),
    "CERT-UNVER": _("Certification not verified"),
    "TRAIN-MISS": _("Training missing"),
    "SUP-NONE": _("No supervisor"),
    "SUP-UNQUAL": _("Supervisor not qualified"),
    "SUP-SHORT": _("Too few hours of supervision"),
    "SUP-LATE": _("Supervision overdue"),
    "ENROL-NONE": _("Not enrolled"),
    "DX": _("No accepted diagnosis"),
    "CONSENT-NONE": _("No consent to share"),
    "ELIG": _("Coverage not active"),
    "SEALED": _("Sealed record"),
    "PLAN-NONE": _("No plan of care"),
    "PLAN-UNSIGNED": _("Plan of care not signed"),
    "GOAL-NONE": _("No goal cited"),
    "TIME-OVER": _("Times overlap"),
    "TIME-SHORT": _("Shorter than one unit"),
    "UNITS-DAY": _("Over the limit of the day"),
    "UNITS-WAIT": _("Waits for another visit"),
    "NOTE-DRAFT": _("Note not signed"),
    "NOTE-REVIEW": _("Waiting for review"),
    "NOTE-CORRECTING": _("Being corrected"),
    "COSIGN-WHO": _("Co-signature does not count"),
    "BILLED": _("Already on a claim"),
    "RATE-NONE": _("No rate"),
    "NPI-MISS": _("Number of the worker missing"),
    "NO-RULE": _("Rule without a value"),
    "NO-FACT": _("A record is missing"),
}
"""What holds a visit, in two or three words: the label of its reason code, for tiles and totals."""


def _plans() -> None:
    """Refusals to write, activate or sign a plan of care."""
    for code, words in {
        "PLAN-SERVICE": _("The payer's rules have no service “{service}”."),
        "PLAN-DRAFT-OPEN": _("This plan has a draft already; finish that one."),
        "PLAN-IN-FORCE": _("A plan in force never changes; open a new version of it."),
        "PLAN-GOAL-CITED": _(
            "A note works on goal {number} as it stands. Leave its words as they were, or choose "
            "another goal in the note first."
        ),
        "PLAN-NO-GOAL": _("The plan needs a goal first, in the person's words."),
        "PLAN-NO-SERVICE": _("The plan needs a service first."),
        "PLAN-STARTS-EARLY": _("The version before began on {date}; this one begins after it."),
        "PLAN-STILL-DRAFT": _("The plan is a draft. Put it into force, so that all sign the same."),
        "PLAN-SIGNED-LATER": _("A signature cannot be of a day after today, {today}."),
        "PLAN-SIGNED-ALREADY": _("This version is signed in that role already."),
        "PLAN-SIGN-ROLE": _("You do not hold the role in which you would sign."),
        "PLAN-SIGN-TODAY": _("Peer and supervisor sign here, today."),
        "PLAN-SIGN-TWICE": _(
            "You have signed this version; somebody else signs in the other role."
        ),
        "PLAN-DECLINE-WHO": _("Only the participant can choose not to sign."),
        "PLAN-NO-NAME": _("Type the name of who signs."),
    }.items():
        reasons.register(code, words, who=("PEER", "SUPERVISOR"))


def _claims() -> None:
    """What holds a visit beside the gates, when its claim is put together."""
    for code, words, fix, who in (
        (
            "RATE-NONE",
            _("{payer} has no rate for {code} on {date}."),
            _("Add the rate"),
            ("BILLER", "ADMINISTRATOR"),
        ),
        (
            "NPI-MISS",
            _("{payer} wants {peer} named on the claim, and the number for that is missing."),
            _("Add the number"),
            ("ADMINISTRATOR",),
        ),
        (
            "NOTE-CORRECTING",
            _("The note is being corrected; the correction will be billed."),
            _("Finish the correction"),
            ("PEER", "SUPERVISOR"),
        ),
        (
            "UNITS-WAIT",
            _("Another visit of {date} belongs on the same line and is not ready."),
            _("Release the other visit first"),
            ("BILLER",),
        ),
    ):
        reasons.register(code, words, fix=fix, who=who)


def _batches() -> None:
    """Refusals to build a batch, to hand it out and to take it back."""
    for code, words in {
        "BATCH-BILLER": _("Only a biller does this."),
        "BATCH-FUTURE": _("Visits after today, {today}, are not billed yet."),
        "BATCH-BUSY": _("Somebody is building a batch for {payer} right now. Try again soon."),
        "BATCH-EMPTY": _("No visit for {payer} is ready to be billed."),
        "BATCH-SENT": _("This batch has left: a claim of it is corrected with a new claim."),
        "BATCH-WITHDRAWN": _("This batch was taken back."),
        "BATCH-NOT-WHOLE": _("This batch is handled by a biller who may see all of it."),
        "X12-FILE": _("The payer would turn away the file: {problem} ({element})."),
        "X12-CLAIM": _(
            "The payer would turn away the claim of {participant}: {problem} ({element})."
        ),
    }.items():
        reasons.register(code, words, who=("BILLER",))
    reasons.register_codes("problem", lambda code: PROBLEMS.get(code, code))


PROBLEMS = {
    "TEXT": _("a text that is missing or does not fit"),
    "NPI": _("an NPI that is not one"),
    "TAXONOMY": _("a taxonomy code that is not one"),
    "EIN": _("the employer number is missing"),
    "STREET": _("the billing address must be a street, not a post-office box"),
    "ZIP": _("the ZIP code of the billing address needs nine digits"),
    "PHONE": _("the billing telephone is not a number of ten digits"),
    "CONTACT": _("no billing telephone"),
    "PROVIDER_ID": _("the worker named has no number"),
    "BIRTH_DATE": _("the date of birth is missing or cannot be right"),
    "SEX": _("the gender on claims is missing"),
    "ADDRESS": _("the person's address is missing"),
    "CLAIM_NUMBER": _("the claim number is too long"),
    "CLAIM_TWICE": _("a claim number stands there twice"),
    "CLAIMS": _("too many claims in one set, or none"),
    "SET_TWICE": _("a set stands there twice"),
    "LINES": _("too many lines in one claim, or none"),
    "CHARGE": _("the charge is not above zero"),
    "CLAIM_CHARGE": _("the charge is not the sum of the lines"),
    "ORIGINAL": _("the payer's number of the first claim is missing"),
    "DIAGNOSIS": _("a diagnosis that is no ICD-10 code"),
    "DIAGNOSIS_TWICE": _("a diagnosis stands there twice"),
    "POINTER": _("a line without a diagnosis"),
    "MODIFIER_TWICE": _("a modifier stands there twice"),
    "UNITS": _("a line without units"),
    "DAY": _("a service day that is yet to come"),
    "LINE_TWICE": _("the same service on the same day twice"),
    "REFERENCE_TWICE": _("a line number stands there twice"),
}
"""What payers turn away, by the rule of the codec that finds it."""


def _gates() -> None:
    """Why a visit cannot be signed or billed; `billing.gates.words` says what the values are called."""
    _of_workers()
    _of_supervision()
    _of_people()
    _of_plans()
    _of_visits()
    _of_notes()
    _of_rules()
    for key, text in _ACTIONS.items():
        reasons.register_action(key, text)


def _of_workers() -> None:
    reasons.register(
        "STAFF-OFF",
        _("{peer} was not on staff on {date}."),
        fix=_("Check employment"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "STAFF-VOL",
        _("{peer} was a volunteer on {date}; volunteer services are not billed."),
        fix=_("Check employment"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "CERT-NONE",
        _("No certification of {peer} is on record for {date}."),
        fix=_("Add it"),
        who=("PEER", "ADMINISTRATOR"),
    )
    reasons.register(
        "CERT-EXP",
        _ended,
        fix=_("Add the renewal"),
        who=("PEER", "ADMINISTRATOR"),
    )
    reasons.register(
        "CERT-STATE",
        _("{cert} is not accepted in {state} for {service}."),
        fix=_("Add a certification or choose another peer"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "CERT-ENDORSE",
        _("{cert} does not cover {service}; it needs {endorsement}."),
        fix=_("Add the endorsement to the certification, or choose another peer"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "CERT-UNVER",
        _("{cert} has not been verified yet."),
        fix=_("Verify it"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "TRAIN-MISS",
        _("{service} needs {training}, and {peer} has no record of it on {date}."),
        fix=_("Add training"),
        who=("ADMINISTRATOR", "TRAINER"),
    )


def _ended(params: reasons.Params) -> reasons.Text:
    # Where no visit is judged ("can bill today?"), the day that was asked about stands in `asked`.
    if "asked" in params:
        return _("{peer}'s {cert} ended on {date}. It no longer covers {asked}.")
    return _("{peer}'s {cert} ended on {date}. This visit was on {date2}.")


def _of_supervision() -> None:
    reasons.register(
        "SUP-NONE",
        _("{peer} had no supervisor on {date}."),
        fix=_("Assign one"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "SUP-UNQUAL",
        _("{supervisor} did not meet the supervisor rule on {date}: {missing}."),
        fix=_("Add the proof or assign another"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "SUP-SHORT",
        _("{peer} had {x} of {y} hours of supervision in {period}."),
        fix=_("Log supervision"),
        who=("SUPERVISOR",),
    )
    reasons.register("SUP-LATE", _last_supervision, fix=_("Log supervision"), who=("SUPERVISOR",))


def _last_supervision(params: reasons.Params) -> reasons.Text:
    if params.get("date2") == NEVER:
        return _("{peer} had no supervision before {date}; the rule is every {interval}.")
    return _(
        "{peer}'s last supervision before {date} was on {date2}; the rule is every {interval}."
    )


def _of_people() -> None:
    reasons.register(
        "ENROL-NONE",
        _("{participant} was not enrolled in {program} on {date}."),
        fix=_("Correct the enrollment"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "DX",
        _("No diagnosis on file that {payer} accepts."),
        fix=_("Add diagnosis"),
        who=("SUPERVISOR",),
    )
    reasons.register(
        "CONSENT-NONE",
        _("No consent to share with {payer} was in force on {date}."),
        fix=_("Record the consent"),
        who=("PEER", "PRIVACY_OFFICER"),
    )
    reasons.register("ELIG", _coverage_checked, fix=_("Recheck or change payer"), who=("BILLER",))
    reasons.register(
        "SEALED",
        _("Held for a biller who may open this record."),
        fix=_("Ask the privacy officer"),
        who=("PRIVACY_OFFICER",),
    )


def _coverage_checked(params: reasons.Params) -> reasons.Text:
    if params.get("date2") == NEVER:
        return _("Coverage was not active on {date} (never checked).")
    return _("Coverage was not active on {date} (checked {date2}).")


def _of_plans() -> None:
    reasons.register(
        "PLAN-NONE",
        _("There was no plan of care covering {date}."),
        fix=_("Write a plan"),
        who=("PEER", "SUPERVISOR"),
    )
    reasons.register(
        "PLAN-UNSIGNED",
        _("The plan was not signed by {role} until {date}."),
        fix=_("Get the signature"),
        who=("SUPERVISOR",),
    )
    reasons.register(
        "GOAL-NONE",
        _("The note is not tied to a goal in the plan."),
        fix=_("Choose a goal"),
        who=("PEER",),
    )


def _of_visits() -> None:
    reasons.register(
        "TIME-OVER",
        _("{peer} has other recorded time {start:time}–{end:time} that overlaps."),
        fix=_("Correct the times"),
        who=("PEER",),
    )
    reasons.register("TIME-SHORT", _too_short, fix=_("Check the times"), who=("PEER",))
    reasons.register("UNITS-DAY", _too_many, fix=_("Choose lines to bill"), who=("BILLER",))


def _too_short(params: reasons.Params) -> reasons.Text:
    return ngettext(
        "{n} minute is less than one unit ({m} minutes).",
        "{n} minutes is less than one unit ({m} minutes).",
        _number(params, "n"),
    )


def _too_many(params: reasons.Params) -> reasons.Text:
    return ngettext(
        "{n} unit that day; the limit is {m}.",
        "{n} units that day; the limit is {m}.",
        _number(params, "n"),
    )


def _number(params: reasons.Params, name: str) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else 0


def _of_notes() -> None:
    reasons.register("NOTE-DRAFT", _("The note is not signed."), fix=_("Finish it"), who=("PEER",))
    reasons.register(
        "NOTE-REVIEW",
        _("Waiting for {supervisor}'s review since {date}."),
        fix=_("Review"),
        who=("SUPERVISOR",),
    )
    reasons.register(
        "COSIGN-WHO",
        _("{supervisor} could not co-sign on {date}: {missing}."),
        fix=_("Ask another supervisor"),
        who=("SUPERVISOR",),
    )
    reasons.register(
        "BILLED",
        _("This visit is already on claim {claim}."),
        fix=_("Open the claim"),
        who=("BILLER",),
    )


def _of_rules() -> None:
    reasons.register(
        "NO-RULE",
        _("{rule} has no value for {service} in {pack}."),
        fix=_("Ask for the rule"),
        who=("ADMINISTRATOR",),
    )
    reasons.register("NO-FACT", _what_is_missing, fix=_("Add it"))


def _what_is_missing(params: reasons.Params) -> reasons.Text:
    record = params.get("record")
    if not isinstance(record, RecordRef):
        return _("{record} is missing, so {rule} cannot be judged.")
    if record.kind == "billing.servicenote":
        return _("The times of this visit are not complete, so {rule} cannot be judged.")
    return _("{record} is not complete, so {rule} cannot be judged.")


_ACTIONS = {
    "add-credential": _("Add the certification"),
    "add-diagnosis": _("Add diagnosis"),
    "add-endorsement": _("Add the endorsement to the certification, or choose another peer"),
    "add-record": _("Add it"),
    "add-training": _("Add training"),
    "ask-another-supervisor": _("Ask another supervisor"),
    "ask-for-rule": _("Ask for the rule"),
    "assign-supervisor": _("Assign a supervisor"),
    "check-coverage": _("Recheck or change payer"),
    "check-employment": _("Check employment"),
    "check-times": _("Check the times"),
    "choose-another-peer": _("Choose another peer"),
    "choose-goal": _("Choose a goal"),
    "choose-lines": _("Choose lines to bill"),
    "correct-enrolment": _("Correct the enrollment"),
    "correct-times": _("Correct the times"),
    "finish-note": _("Finish the note"),
    "get-signature": _("Get the signature"),
    "log-supervision": _("Log supervision"),
    "open-claim": _("Open the claim"),
    "qualify-supervisor": _("Add the proof or assign another"),
    "record-consent": _("Record the consent"),
    "renew-credential": _("Add the renewal"),
    "review-note": _("Review the note"),
    "verify-credential": _("Verify the certification"),
    "write-plan": _("Write a plan"),
}


def _notes() -> None:
    """Refusals to write and to sign a service note, and what happened to a billed one."""
    for code, words in {
        "NOTE-NO-FILE": _("There is no personnel file for you, so no visit can be recorded."),
        "NOTE-NO-PROGRAM": _("You are not placed in a program."),
        "NOTE-SELF": _("Nobody writes a note about themselves."),
        "NOTE-NOT-YOURS": _("Only the author or the supervisor of that day can do this."),
        "NOTE-CLOSED": _("This cannot be done any more: the note is now “{now}”."),
        "NOTE-KEPT": _("A note that was signed is kept. Ask your supervisor to void it."),
        "NOTE-CHANGED": _("The text was changed in another window. Read it again."),
        "NOTE-SERVICE": _("Choose what you did together."),
        "NOTE-START": _("Enter when the visit began."),
        "NOTE-END": _("Enter when the visit ended."),
        "NOTE-BACKWARDS": _("The end comes after the start."),
        "NOTE-FUTURE": _("A visit is signed after it has ended."),
        "NOTE-MIDNIGHT": _("A visit across midnight makes two notes: end this one at midnight."),
        "NOTE-DEDUCTED": _("More minutes are set apart than the visit was long."),
        "NOTE-PLACE": _("Choose where you met."),
        "NOTE-PLACE-TEXT": _("Write where exactly you met: this place asks for it."),
        "NOTE-MODE": _("Choose how you met."),
        "NOTE-ROLE": _("Choose what peer work it was, at least one."),
        "NOTE-PURPOSE": _("Write what the visit was for."),
        "NOTE-DID": _("Write what you did."),
        "NOTE-RESPONSE": _("Write how it went for them."),
        "NOTE-NEXT": _("Write what comes next."),
        "NOTE-SHORT": _("You wrote {n} characters in all; the rule asks for {m}."),
        "NOTE-OPENED": _("Your supervisor has opened the note. Ask them to return it."),
        "NOTE-BILLED": _("This visit is on a claim already."),
        "NOTE-IN-REVIEW": _("The note waits for review. Ask the reviewer to return it."),
        "NOTE-CORRECTED": _("The note was corrected after it was billed."),
        "NOTE-VOIDED": _("The note was voided after it was billed."),
    }.items():
        reasons.register(code, words, who=("PEER",))
    reasons.register_codes("now", _state_words)


def _review() -> None:
    """Refusals to review a service note."""
    for code, words in {
        "REVIEW-OWN": _("Nobody reviews their own note."),
        "REVIEW-WHO": _(
            "Only the supervisor of {peer} on the day of the visit, or the delegate, reviews it."
        ),
        "REVIEW-DONE": _("This note does not wait for review any more."),
    }.items():
        reasons.register(code, words, who=("SUPERVISOR",))


def _state_words(code: str) -> reasons.Text:
    states = dict(ServiceNote.State.choices)
    return states.get(code, code)
