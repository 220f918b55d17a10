"""The nine people of the demonstration, as its first page offers them."""

from dataclasses import dataclass

from django.utils.functional import Promise

from peerworks.accounts.models import Membership, User
from peerworks.accounts.queries import memberships_of
from peerworks.accounts.roles import RoleName
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.home.demo.cast import PEOPLE, SITES, Person


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One of the nine: who they are, what waits for them, what to try; `language` is a code."""

    who: str
    name: str
    given: str
    agency: str
    sites: str
    roles: tuple[str, ...]
    language: str
    waits: str | Promise
    tries: tuple[str | Promise, ...]


def person_cards() -> list[PersonCard]:
    """The cards of the people whose agency is there and made up, in the order of the cast."""
    names = dict(Agency.objects.filter(is_demo=True).values_list("slug", "name"))
    return [_card(each, names[each.agency]) for each in PEOPLE if each.agency in names]


def _card(person: Person, agency: str) -> PersonCard:
    houses = {site.key: site.name for site in SITES}
    return PersonCard(
        who=person.who,
        name=person.name,
        given=person.given,
        agency=agency,
        sites=", ".join(houses[key] for key in person.sites),
        roles=tuple(str(RoleName(each).label) for each in person.roles),
        language=person.language,
        waits=person.waits,
        tries=person.tries,
    )


def made_up_member(who: str) -> Membership | None:
    """The membership of one of the nine, by `who`, in an agency that is marked as made up."""
    person = next((each for each in PEOPLE if each.who == who), None)
    if person is None:
        return None
    # Before sign-in nothing is known of the visitor: the address alone names the user.
    user = User.objects.filter(email=person.email, is_active=True, is_service=False).first()
    if user is None:
        return None
    with acting_for(None, user.pk):
        found = memberships_of(user).select_related("agency", "user")
        return found.filter(agency__slug=person.agency, agency__is_demo=True).first()
