"""The first agency of an empty installation, and its first administrator."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

from peerworks.accounts import policies
from peerworks.accounts.models import Membership, SetupKey, User
from peerworks.accounts.operations.membership import add_service_member
from peerworks.accounts.queries import setup_key
from peerworks.accounts.roles import RoleName
from peerworks.accounts.tokens import hash_of, new_token
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency, FundingSource, Program, Site
from peerworks.audit import trail
from peerworks.lib.findings import enforce


@dataclass(frozen=True, slots=True)
class Founding:
    """What the setup page asks: the agency, its first place and program, and who runs it."""

    name: str
    slug: str
    time_zone: str
    site: str
    state: str
    program: str
    pack: str
    funding: str
    is_part2: bool
    person: str
    email: str
    language: str


def open_setup() -> str | None:
    """A new one-time key for the setup page, or None where an agency is: the page is closed for good.

    Asked at each start by whoever may read what the program prints. The key is answered once and kept
    as a hash; an older unused one is dead. No event: there is no agency to keep it in.
    """
    if Agency.objects.exists():
        return None
    token = new_token()
    with transaction.atomic():
        SetupKey.objects.filter(used_at__isnull=True).delete()
        SetupKey.objects.create(token_sha256=hash_of(token))
    return token


def count_wrong_key() -> None:
    """Count a wrong key, committed at once; after twenty no key works until a new one is printed."""
    SetupKey.objects.filter(used_at__isnull=True).update(tries=F("tries") + 1)


def found_agency(
    *, token_sha256: str, founding: Founding, password: str, at: dt.datetime
) -> Agency:
    """Make the agency, its service member, first site and program, and its first administrator: once.

    Asked inside a transaction, so that all of it is there or nothing. The address counts as proved:
    who holds the key runs the machine. Raises `Refused` (SETUP-CLOSED, and those of a password).
    """
    keys = SetupKey.objects.select_for_update().filter(token_sha256=token_sha256)
    list(keys)  # of two at once the second finds the key used
    key = setup_key(token_sha256, policies.WRONG_TRIES)
    enforce(policies.refusal_to_set_up(key))
    own = (founding.person, founding.email, founding.name)
    enforce(policies.refusal_of_password(password, own))
    agency = Agency.objects.create(
        name=founding.name,
        slug=founding.slug,
        time_zone=founding.time_zone,
        state=founding.state,
    )
    with acting_for(agency.pk):
        add_service_member(agency=agency)
        _first_place(agency, founding)
        admin = _first_administrator(agency, founding, password)
        keys.update(used_at=at, used_by=admin)
        trail.record("agency.founded", by=admin, about=agency)
    return agency


def _first_place(agency: Agency, founding: Founding) -> None:
    site = Site.objects.create(
        agency=agency, name=founding.site, state=founding.state, time_zone=founding.time_zone
    )
    label = str(FundingSource.Kind(founding.funding).label)
    source = FundingSource.objects.create(agency=agency, name=label, kind=founding.funding)
    Program.objects.create(
        agency=agency,
        name=founding.program,
        site=site,
        pack=founding.pack,
        is_part2=founding.is_part2,
        funding_source=source,
    )


def _first_administrator(agency: Agency, founding: Founding, password: str) -> User:
    user = User.objects.create_user(
        email=founding.email,
        name=founding.person,
        password=password,
        language=founding.language,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(agency=agency, user=user, roles=[RoleName.ADMINISTRATOR])
    return user
