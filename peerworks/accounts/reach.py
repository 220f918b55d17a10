"""Which rows a member may see: the only place that turns role and scope into a filter.

Upper apps register, per model and scope, a function that gives a `Q` for a member on a day. Agency
scope needs none: the database has narrowed to the agency already.
"""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, Scope

Rows = Callable[[Membership, dt.date], Q]
_registry: dict[tuple[str, Scope], Rows] = {}


def register(model_label: str, scope: Scope, rows: Rows) -> None:
    """Say which rows of a model ("billing.ServiceNote") a scope covers for a member on a day."""
    _registry[model_label, scope] = rows


def narrow(queryset: QuerySet, member: Membership, permission: Permission, on: dt.date) -> QuerySet:
    """The rows of `queryset` that `member` may see under `permission` on the day `on`.

    Several scopes add up. A scope that nobody registered for the model covers nothing.
    """
    scopes = member.scopes(permission)
    if Scope.AGENCY in scopes:
        return queryset
    allowed = Q(pk__in=[])
    for scope in sorted(scopes):
        rows = _registry.get((queryset.model._meta.label, scope))
        if rows is not None:
            allowed |= rows(member, on)
    return queryset.filter(allowed)
