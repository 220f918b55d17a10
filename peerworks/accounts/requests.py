"""The request as views get it: what `AgencyMiddleware` has put on it."""

from collections.abc import Callable

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Agency
from peerworks.audit.trail import Seen


class MemberRequest(HttpRequest):
    """A request of a member, for annotations only: pages behind `require` have all of this.

    `seen` collects what the page shows of people, `after_view` what is written beside those events.
    """

    member: Membership
    agency: Agency
    htmx: HtmxDetails
    seen: list[Seen]
    after_view: list[Callable[[], None]]
