"""All addresses of the resolver, and the ids that a test puts into them.

A new page is found here the moment it is routed. An address whose arguments nobody can fill is an
error of the run, with the name of the table below that wants a line.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from peerworks.agencies.models import AgencyOwned
from peerworks.rulepacks.models import PackVersion

PERSON = "participants.Participant"
#: Which model the id behind a segment of a path names: "participants/<uuid:pk>/".
SEGMENTS = {
    "enrollments": "participants.Enrolment",
    "care-team": "participants.CareTeamMember",
    "consents": "participants.Consent",
    "statuses": "participants.StatusPeriod",
    "hours": "providers.WorkSpan",
    "certificates": "training.Completion",
    "plans": "billing.PlanOfCare",
    "coverages": "billing.Coverage",
    "diagnoses": "billing.Diagnosis",
    "notes": "billing.ServiceNote",
    "review": "billing.ServiceNote",
    "worklist": "billing.ServiceNote",
    "batches": "billing.Batch",
    "members": "accounts.Membership",
    "files": "files.StoredFile",
}
#: Names of arguments, where the segment before says something else.
ARGUMENTS = {
    "person": PERSON,
    "person_id": PERSON,
    "worker_id": "providers.Provider",
    "version_id": "billing.PlanVersion",
    "run_id": "billing.GateRun",
    "line_id": "billing.ClaimLine",
    "enrolment_id": "participants.Enrolment",
    "sign_in": "accounts.SignIn",
}
#: Pages that are there for a record in one state: the name of the row in `tests.sweep.states`.
IN_STATE = {
    "billing:note-write": "billing.ServiceNote DRAFT",
    "billing:note-draft": "billing.ServiceNote DRAFT",
    "billing:note-sign": "billing.ServiceNote WHOLE",
    "billing:note-withdraw": "billing.ServiceNote SIGNED",
    "billing:plan-activate": "billing.PlanOfCare DRAFT",
    "billing:plan-change": "billing.PlanOfCare DRAFT",
    "billing:plan-write": "participants.Participant NEW",
    "billing:note-discard": "billing.ServiceNote DRAFT",
    "billing:review-note": "billing.ServiceNote SIGNED",
    "billing:worklist-checks": "billing.ServiceNote SIGNED",
    "billing:note-cosign": "billing.ServiceNote SIGNED",
    "billing:note-return": "billing.ServiceNote SIGNED",
    "files:file-open": "files.StoredFile 2",
    "accounts:invitation-reopen": "accounts.Invitation WITHDRAWN",
    "accounts:member-enable": "accounts.Membership DISABLED",
    "notices:notice-take-back": "notices.Notice PUT OFF",
    "providers:member-link": "providers.Provider UNLINKED",
    "providers:credential-change": "providers.Credential UNVERIFIED",
    "providers:evidence-withdraw": "providers.Evidence UNVERIFIED",
    "supervision:session-change": "supervision.Session UNSIGNED",
    "supervision:session-sign": "supervision.Session UNSIGNED",
}
#: Pages that show another form for a record in this state: looked at once more.
ALSO_IN_STATE = {
    "accounts:member-detail": "accounts.Membership DISABLED",
    "billing:note-detail": "billing.ServiceNote SIGNED",
    "supervision:session-detail": "supervision.Session UNSIGNED",
}
PACK = "tx-medicaid-peer"
#: Arguments that are no id: the values a page is there for, or how to find them.
PLAIN: dict[tuple[str, str], Any] = {
    ("demo:sign-in", "who"): "peer",
    ("jobs:kind-detail", "kind"): "providers.certification_expiry_reminders_raised",
    ("accounts:invitation-open", "token"): "no-token",
    ("accounts:reset-open", "key"): "no-key",
    ("accounts:setup-open", "token"): "no-key",
    ("rulepacks:pack-detail", "pack"): PACK,
    ("rulepacks:pack-detail", "version"): lambda: (
        PackVersion.objects.filter(pack=PACK).latest("version").version
    ),
}


@dataclass(frozen=True)
class Address:
    """One routed view: its name, its route, and what stands on it about who may open it.

    `state` is a name of `ALSO_IN_STATE` where the page is looked at for another record than the usual one.
    """

    name: str
    route: str
    view: Any
    converters: tuple[tuple[str, str], ...]
    state: str = ""

    @property
    def needs(self) -> Any:
        """The permissions that the view asks for, None for a public one, `MISSING` for neither."""
        return getattr(self.view, "needs", MISSING)

    @property
    def any_agency(self) -> bool:
        """Whether its forms carry no agency."""
        return bool(getattr(self.view, "any_agency", False))

    @property
    def ids(self) -> dict[str, str]:
        """The arguments that are ids, with the label of their model; AssertionError for an unknown one."""
        return {
            name: model_of(self, name)
            for name, _ in self.converters
            if (self.name, name) not in PLAIN
        }

    def path(self, values: dict[str, Any]) -> str:
        """The path with these values in it."""
        plain = {name: plain_value(self.name, name) for name, _ in self.converters}
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: str((plain | values)[found[1]]), self.route
        )

    def __str__(self) -> str:
        return f"{self.name} {self.route} {self.state}".rstrip()


MISSING = object()


def plain_value(name: str, argument: str) -> Any:
    """The value of an argument that is no id; None for an id."""
    told = PLAIN.get((name, argument))
    return told() if callable(told) else told


def addresses() -> list[Address]:
    """Every view of the resolver, by name."""
    found = list(_walk(get_resolver().url_patterns, "", ""))
    return sorted(found, key=lambda each: (each.name, each.route))


def in_other_states() -> list[Address]:
    """The views that show another form for a record in another state, as they stand there."""
    return [
        replace(each, state=ALSO_IN_STATE[each.name])
        for each in addresses()
        if each.name in ALSO_IN_STATE
    ]


def _walk(patterns: Any, route: str, namespace: str) -> Iterator[Address]:
    for each in patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, here, inner)
        elif isinstance(each, URLPattern):
            converters = re.findall(r"<(?:(\w+):)?(\w+)>", here)
            yield Address(
                f"{namespace}{each.name}",
                here,
                each.callback,
                tuple((name, kind or "str") for kind, name in converters),
            )


def model_of(address: Address, argument: str) -> str:
    """The model whose id an argument is: by its name, else by the segment before it."""
    if argument in ARGUMENTS:
        return ARGUMENTS[argument]
    before = address.route.split("<")[:-1]
    segments = [part.rsplit(">", 1)[-1].strip("/").split("/")[-1] for part in before]
    segment = segments[[name for name, _ in address.converters].index(argument)]
    by_name = _model_called(argument.removesuffix("_id"))
    found = by_name or SEGMENTS.get(segment) or _model_called(segment.removesuffix("s"))
    if found:
        return found
    raise AssertionError(
        f"{address.name} ({address.route}): nobody knows what `{argument}` is an id of. Say it in "
        "SEGMENTS, ARGUMENTS or PLAIN of tests/sweep/addresses.py."
    )


def _model_called(name: str) -> str:
    wanted = name.replace("_", "").replace("-", "")
    fitting = [
        each._meta.label
        for each in apps.get_models()
        if issubclass(each, AgencyOwned) and each._meta.model_name == wanted
    ]
    return fitting[0] if len(fitting) == 1 else ""


def random_ids(address: Address) -> dict[str, str]:
    """Ids that nothing has."""
    return {name: str(uuid.uuid4()) for name in address.ids}


def hangs_on(label: str) -> set[str]:
    """Whether rows of a model hang on a person served, on a worker, or on neither: by their keys."""
    found, seen, waiting = set(), set(), [apps.get_model(label)]
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        kind = {PERSON: "person", "providers.Provider": "worker"}
        if model._meta.label in kind:
            found.add(kind[model._meta.label])
            continue
        keys = [each for each in model._meta.concrete_fields if each.remote_field is not None]
        waiting += [
            each.related_model
            for each in keys
            if issubclass(each.related_model, AgencyOwned)
            and (not each.null or each.related_model._meta.label == PERSON)
        ]
    return found
