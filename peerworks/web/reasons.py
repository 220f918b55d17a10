"""The words for reason codes, remedies, roles and records, registered by each app.

Rules speak in codes and values (`peerworks.lib.findings`); here they become sentences, when they are
shown, in the reader's language. Each app registers the words of its own codes in `AppConfig.ready()`:

    reasons.register(
        "CERT-EXP",
        _("{peer}'s {cert} ended on {date}."),
        fix=_("Add the renewal"),
        who=("PEER", "ADMINISTRATOR"),
    )

Placeholders are the names of the reason's parameters. A value is shown after its type: dates in the
long form, numbers with separators, a `RecordRef` by the name of the record, a code by the words
registered for its parameter. A placeholder may ask for a form: `{start:time}`, `{day:short}`,
`{charge:money}`, `{worked:minutes}`. Where a sentence depends on a number, `sentence` is a function of
the raw parameters that returns the template (so that `ngettext` can choose).

Names of records are loaded in bulk: `names_of(findings)` asks each kind once, so that a list of any
length costs a constant number of queries. A record whose name is not returned (out of reach, sealed)
is called by the words that its kind registered for that case.
"""

import datetime as dt
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peerworks.lib.findings import (
    Authority,
    Because,
    Finding,
    Outcome,
    Param,
    RecordRef,
    Refusal,
    Remedy,
    Verdict,
)
from peerworks.web import words

Text = str | Promise
Params = Mapping[str, Param]
Template = Text | Callable[[Params], Text]
Names = Mapping[tuple[str, str], str]
NameLoader = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """What one reason says: the sentence, the words of what mends it, the roles that may."""

    sentence: Template
    fix: Text = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    load: NameLoader
    unnamed: Text


_reasons: dict[str, Words] = {}
_kinds: dict[str, _Kind] = {}
_actions: dict[str, Text] = {}
_roles: dict[str, Text] = {}
_labels: dict[str, Text] = {}
_codes: dict[str, Callable[[str], Text]] = {}
_sources: dict[str, Callable[[Authority], Text]] = {}
_UNNAMED = _("a record that you may not open")


class WordsTaken(ValueError):
    """Two apps give different words to one key: a mistake of the program, found at start."""


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if table.setdefault(key, value) != value:
        raise WordsTaken(f"{key!r} is given two different words; take another key for one of them")


def register(code: str, sentence: Template, *, fix: Text = "", who: Sequence[str] = ()) -> None:
    """Give a reason code its words; `who` are role codes, in the order in which one would ask."""
    _put(_reasons, code, Words(sentence, fix, tuple(who)))


def register_names(kind: str, load: NameLoader, *, unnamed: Text = _UNNAMED) -> None:
    """Say how records of a kind ("providers.provider") are called: ids to names, in one query.

    The loader asks the database as the reader, so it returns only what the reader may see; for the
    rest the sentence says `unnamed` ("a participant").
    """
    _put(_kinds, kind, _Kind(load, unnamed))


def register_action(key: str, text: Text) -> None:
    """Give the key of a remedy its words ("add-renewal": "Add the renewal")."""
    _put(_actions, key, text)


def register_role(code: str, text: Text) -> None:
    """Give a role its words in "can be done by: …"."""
    _put(_roles, code, text)


def register_label(key: str, text: Text) -> None:
    """Give the key of a piece of evidence, of a gate or of "not checked yet" its words."""
    _put(_labels, key, text)


def register_codes(param: str, text_of: Callable[[str], Text]) -> None:
    """Say how codes under a parameter name are shown: {"place": label_of_place}."""
    _put(_codes, param, text_of)


def register_sources(title_of: Callable[[Authority], Text]) -> None:
    """Say what the source of a rule's value is called: an `Authority` holds only its key."""
    _put(_sources, "title", title_of)


def is_registered(code: str) -> bool:
    """Whether a reason code has words."""
    return code in _reasons


def registered() -> Mapping[str, Words]:
    """All reason codes with their words, for tests and generated documents."""
    return dict(_reasons)


def sentence(
    because: Because,
    language: str | None = None,
    *,
    names: Names | None = None,
    zone: dt.tzinfo | None = None,
) -> str:
    """The sentence of a reason in a language (default: the active one).

    `names` come from `names_of`; without them the names in this one reason are loaded. `zone` is the
    time zone of times, default the active one.
    """
    with translation.override(language or translation.get_language()), timezone.override(zone):
        # Names too: a certification is called differently in each language.
        known = names_of([because]) if names is None else names
        return _sentence(because, known)


def _sentence(because: Because, names: Names) -> str:
    entry = _reasons.get(because.reason)
    if entry is None:
        return gettext("Reason code {code}.").format(code=because.reason)
    template = entry.sentence(because.params) if callable(entry.sentence) else entry.sentence
    return _capital(_FORMATTER.vformat(str(template), (), _shown(because.params, names)))


def _shown(params: Params, names: Names) -> "dict[str, _Shown]":
    return {name: _Shown(name, value, names) for name, value in params.items()}


def _capital(text: str) -> str:
    # A sentence may begin with "a participant"; a name keeps its own letters.
    return text[:1].upper() + text[1:]


def label(key: str) -> str:
    """The words of a label, or the key itself where nobody gave it any."""
    return str(_labels.get(key, key))


def value_text(value: Param | None, *, param: str = "", names: Names | None = None) -> str:
    """One value alone, as sentences show it; "unknown" for None."""
    if value is None:
        return gettext("unknown")
    return str(_Shown(param, value, names if names is not None else _load(_refs([value]))))


class _Shown:
    """A parameter on its way into a sentence; knows its type and the form that is asked for."""

    def __init__(self, param: str, value: Param, names: Names) -> None:
        self._param, self._value, self._names = param, value, names

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        value = self._value
        if form:
            return _FORMS[form](value)
        if isinstance(value, RecordRef):
            return _name(value, self._names)
        if isinstance(value, str):
            return str(_codes[self._param](value)) if self._param in _codes else value
        return _plain(value)


def _plain(value: dt.date | dt.datetime | int | Decimal) -> str:
    if isinstance(value, dt.datetime):
        return words.moment(value)
    if isinstance(value, dt.date):
        return words.long_day(value)
    return words.number(value)


_FORMS: dict[str, Callable[[Any], str]] = {
    "time": words.clock,
    "short": words.short_day,
    "weekday": words.weekday_and_day,
    "money": words.money,
    "minutes": words.minutes,
    "plain": str,
}


class _Formatter(string.Formatter):
    """Formats a template of ours with named values only: no attributes, no indexes."""

    def get_field(
        self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, str]:
        # A stored reason may lack a value that today's words ask for: the page must still stand.
        return kwargs.get(field_name, "…"), field_name


_FORMATTER = _Formatter()


def _name(record: RecordRef, names: Names) -> str:
    found = names.get((record.kind, record.id))
    if found:
        return found
    kind = _kinds.get(record.kind)
    return str(kind.unnamed if kind is not None else _UNNAMED)


Speaks = Because | Finding | Refusal | Verdict | None


def names_of(spoken: Iterable[Speaks]) -> dict[tuple[str, str], str]:
    """The names of all records that reasons, findings, refusals or verdicts speak of.

    One call of each kind's loader, whatever the number: call it once for a page and pass the answer
    to `sentence` or `explain`.
    """
    return _load(ref for each in spoken for ref in _refs_in(each))


def _refs_in(each: Speaks) -> Iterator[RecordRef]:
    if isinstance(each, Verdict):
        for finding in each.findings:
            yield from _refs_in(finding)
    elif isinstance(each, Finding):
        yield from _refs_in(each.because)
        for piece in each.evidence:
            yield from _refs([piece.value, piece.record])
    elif isinstance(each, Refusal):
        yield from _refs_in(each.because)
    elif each is not None:
        yield from _refs(each.params.values())


def _refs(values: Iterable[Param | None]) -> Iterator[RecordRef]:
    return (value for value in values if isinstance(value, RecordRef))


def _load(refs: Iterable[RecordRef]) -> dict[tuple[str, str], str]:
    ids: dict[str, set[str]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, set()).add(ref.id)
    return {
        (kind, str(key)): name
        for kind, wanted in ids.items()
        if kind in _kinds
        for key, name in _kinds[kind].load(sorted(wanted)).items()
    }


@dataclass(frozen=True, slots=True)
class Mending:
    """What mends a reason: words, the page that does it ("" without one), who may, and their roles."""

    fix: str
    url: str
    who: str
    roles: tuple[str, ...] = ()


def remedy(given: Remedy | None, code: str = "", language: str | None = None) -> Mending:
    """What mends a reason, in words.

    Words are those of the remedy's action; without them, those registered for the reason code.
    """
    entry = _reasons.get(code, Words(""))
    action = _actions.get(given.action, entry.fix) if given is not None else entry.fix
    who = given.who if given is not None and given.who else entry.who
    with translation.override(language or translation.get_language()):
        told = words.any_of([_role(each) for each in who])
        return Mending(str(action), _url(given), told, tuple(who))


def _role(code: str) -> str:
    return str(_roles.get(code, code))


def _url(given: Remedy | None) -> str:
    if given is None or not given.url_name:
        return ""
    try:
        return reverse(given.url_name, args=given.url_args)
    except NoReverseMatch:
        return ""


_TONES = {Outcome.BLOCK: "late", Outcome.UNKNOWN: "late", Outcome.WARN: "soon"}
_SEVERITIES = {
    Outcome.BLOCK: _("Must finish"),
    Outcome.UNKNOWN: _("Must finish"),
    Outcome.WARN: _("Explain and continue"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding or refusal with everything that a reason card shows; see components/reason.html.

    `roles` are those who are asked to mend it, as codes; `who` says them in words.
    """

    code: str
    rule: str
    outcome: Outcome
    tone: str
    severity_words: str
    sentence: str
    fix: str
    url: str
    who: str
    rests_on: str
    is_confirmed: bool
    roles: tuple[str, ...] = ()


def explain(
    spoken: Iterable[Finding | Refusal],
    *,
    names: Names | None = None,
    zone: dt.tzinfo | None = None,
) -> list[Explained]:
    """What reason cards show, in order, in the active language; findings without a reason are left out.

    A constant number of queries: names are loaded in bulk unless given.
    """
    told = [(each, each.because) for each in spoken if each.because is not None]
    known = names_of(because for _, because in told) if names is None else names
    return [_explained(each, because, known, zone) for each, because in told]


def _explained(
    each: Finding | Refusal, because: Because, names: Names, zone: dt.tzinfo | None
) -> Explained:
    is_finding = isinstance(each, Finding)
    outcome = each.outcome if isinstance(each, Finding) else Outcome.BLOCK
    authority = each.authority if isinstance(each, Finding) else None
    mending = remedy(each.remedy, because.reason)
    return Explained(
        code=because.reason,
        rule=each.rule if isinstance(each, Finding) else "",
        outcome=outcome,
        tone=_TONES.get(outcome, "info"),
        severity_words=str(_SEVERITIES.get(outcome, _("For information"))) if is_finding else "",
        sentence=sentence(because, names=names, zone=zone),
        fix=mending.fix,
        url=mending.url,
        who=mending.who,
        rests_on=rests_on(authority) if authority is not None else "",
        is_confirmed=authority is None or authority.is_confirmed,
        roles=mending.roles,
    )


def rests_on(authority: Authority) -> str:
    """What a finding rests on, in one line: source, pack, version, the day it was verified."""
    title_of = _sources.get("title")
    where = gettext("%(source)s · %(pack)s, version %(version)s") % {
        "source": authority.source if title_of is None else title_of(authority),
        "pack": authority.pack,
        "version": authority.version,
    }
    if authority.verified_on is None:
        return where
    checked = gettext("checked on %(date)s") % {"date": words.long_day(authority.verified_on)}
    return f"{where} · {checked}"
