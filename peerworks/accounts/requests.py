"""The request as views get it: what `AgencyMiddleware` has put on it."""

from collections.abc import Callable

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Agency
from peerworks.audit.models import AuditEvent
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


def device_of(request: HttpRequest) -> str:
    """From what kind of device a browser asks, as the audit trail keeps it: by what it says itself.

    No more of it is kept: neither its address nor its name.
    """
    says = request.headers
    is_phone = says.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in says.get("User-Agent", "")
    return AuditEvent.Device.PHONE if is_phone else AuditEvent.Device.COMPUTER
