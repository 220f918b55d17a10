"""What an answer must be: by who asks, what their roles hold, and whose record it is about."""

from peerworks.accounts.roles import Scope
from tests.sweep.addresses import Address, hangs_on
from tests.sweep.ground import Ground

#: What a page that is open to somebody may answer: shown, done, refused in words, or for another
#: method only. 409 is the refusal of an outdated form.
OPEN = {200, 204, 302, 303, 405, 409, 422}
#: Pages that refuse some who hold their permission, each with the reason.
NARROWER = {
    "billing:participant-plans": "a biller and a trainer know who a person is, not what they work on",
    "billing:plan-detail": "the same",
}


def own_set(who: str, address: Address) -> str:
    """The set of ids that is somebody's own: without ids there is one."""
    return "foreign" if who == "other-administrator" and address.ids else "mine"


def scopes(ground: Ground, who: str, address: Address) -> list[frozenset[Scope]]:
    """The scopes in which somebody holds each permission that a page needs."""
    member = ground.member(who)
    return [member.scopes(each) for each in address.needs]


def expected(ground: Ground, who: str, address: Address, which: str) -> set[int]:
    """The statuses that are right for somebody, a page, and a set of ids."""
    held = scopes(ground, who, address)
    if not all(held):
        return {403, 405}
    if not address.ids:
        return OPEN
    own = {"foreign"} if who == "other-administrator" else {"mine", "loose"}
    if which not in own:
        return {404, 405}
    in_agency = [Scope.AGENCY in each for each in held]
    bound = any(hangs_on(label) for label in address.ids.values())
    if which == "foreign":
        return OPEN | {404}  # Beth's rows are made, not lived: a batch without a file has no page
    if address.name in NARROWER:
        return OPEN | {403, 404}
    if all(in_agency) or not bound:
        return OPEN if address.needs else OPEN | {404}
    if which == "loose" and address.needs and not any(in_agency):
        return {404, 405}
    if which == "mine" and who == "peer" and address.needs:
        return OPEN
    return OPEN | {404}
