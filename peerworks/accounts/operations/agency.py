"""What an agency says about itself."""

from collections.abc import Mapping

from peerworks.accounts import policies
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Agency
from peerworks.audit import trail
from peerworks.lib.findings import enforce

ON_CLAIMS = (
    "name", "ein", "npi", "taxonomy", "street", "city", "state", "postal_code", "contact_name",
    "contact_phone",
)  # fmt: skip
"""The columns of an agency that its claims carry."""


def change_what_claims_say(*, agency: Agency, told: Mapping[str, str], by: Membership) -> None:
    """Change what stands on claims about who bills; `told` has a value for each of `ON_CLAIMS`.

    What was sent keeps what it said. Where nothing changed, nothing is kept. Raises `Refused`
    (AGENCY-MANAGER).
    """
    enforce(policies.refusal_to_run_agency(by))
    changed = [name for name in ON_CLAIMS if getattr(agency, name) != told[name]]
    if not changed:
        return
    Agency.objects.filter(pk=agency.pk).update(**{name: told[name] for name in changed})
    trail.record("agency.claims-changed", by=by.user, about=agency, fields=changed)


def change_idle_minutes(*, agency: Agency, minutes: int, by: Membership) -> None:
    """After how many minutes without an action members are signed out: 5 to 30.

    Raises `Refused` (AGENCY-MANAGER).
    """
    enforce(policies.refusal_to_run_agency(by))
    Agency.objects.filter(pk=agency.pk).update(idle_minutes=minutes)
    trail.record("agency.idle-changed", by=by.user, about=agency, fields=["idle_minutes"])
