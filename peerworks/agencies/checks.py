"""Start-up checks: no model of ours stands outside the wall without being named here.

A child class whose `Meta` forgets `*AgencyOwned.Meta.constraints` would lose its isolation without
a word; so would a key without its composite twin. Both refuse to start.
"""

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

from peerworks.agencies.constraints import Isolation, SameAgency, SealedIsolation
from peerworks.agencies.models import AgencyOwned

OWN_POLICY = {
    *("accounts.Membership", "participants.SealedAccess"),
    *("audit.AuditEvent", "audit.EventPerson"),
    "accounts.SignIn",
}
NO_POLICY = {"jobs.DueWork"}
PERSON = "participants.Participant"


def has(model, kind):
    """Whether the model's `Meta` holds a constraint of this kind."""
    return any(isinstance(each, kind) for each in model._meta.constraints)


def owned_keys(model):
    """The model's foreign keys to tables that an agency owns."""
    return [
        field
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and (
            issubclass(field.remote_field.model, AgencyOwned)
            or field.remote_field.model._meta.label in OWN_POLICY
        )
    ]


def about_a_person(model):
    """Whether rows of this model tell something about a participant directly."""
    return any(field.remote_field.model._meta.label == PERSON for field in owned_keys(model))


def keyed(model):
    """Whether the model has an agency key."""
    return any(field.name == "agency" for field in model._meta.fields)


def problems_of(model):
    """What is wrong with one model, as check errors."""
    label = model._meta.label
    if label in NO_POLICY:
        return
    if not has(model, Isolation):
        yield Error(f"{label} has an agency key and no isolation.", obj=model, id="agencies.E001")
    composite = {each.field for each in model._meta.constraints if isinstance(each, SameAgency)}
    for field in owned_keys(model):
        if field.name not in composite:
            yield Error(
                f"{label}.{field.name} has no composite key (SameAgency).",
                obj=model,
                id="agencies.E002",
            )
    if about_a_person(model) and label not in OWN_POLICY and not has(model, SealedIsolation):
        yield Error(
            f"{label} is about a participant and has no SealedIsolation.",
            obj=model,
            id="agencies.E003",
        )


@register("models")
def models_stand_inside_the_wall(app_configs, **kwargs):
    """Every model with an agency key is isolated, composite-keyed and, about a person, sealed."""
    return [
        problem for model in apps.get_models() if keyed(model) for problem in problems_of(model)
    ]
