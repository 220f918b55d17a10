"""Who a request is of: the session's row, its time limits, and the agency that is worked in.

Time is kept on the server and by the database's clock. Only what a person does extends a session: a
GET or POST of an address whose view is not marked `by_script`. Nothing in a request can change that:
the mark stands on the view, and no parameter, header or cookie is read here beside the session itself.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from peerworks.accounts import operations
from peerworks.accounts.models import Membership
from peerworks.accounts.queries import OVERALL, memberships_in_force
from peerworks.agencies.context import acting_for
from peerworks.agencies.postgres.questions import planning_cursor
from peerworks.web.pages import is_by_script

IDLE_MINUTES = 15
"""Where no agency is chosen yet."""
FRESH_MINUTES = 10
"""How long a second factor opens the starred pages."""
SESSION_VALUE = "sign_in"
_PRESENT = """
WITH alive AS (
  SELECT id, user_id, acted_at, created_at, factor_at FROM accounts_signin
   WHERE id = %(id)s AND user_id = %(user)s
     AND acted_at > clock_timestamp() - %(idle)s * interval '1 minute'
     AND created_at > clock_timestamp() - %(overall)s * interval '1 second'),
acted AS (
  UPDATE accounts_signin AS s
     SET acted_at = clock_timestamp(), agency_id = %(agency)s, key_hash = %(key)s
    FROM alive WHERE %(is_human)s AND s.id = alive.id)
SELECT alive.id, user_id,
  floor(extract(epoch FROM CASE WHEN %(is_human)s THEN clock_timestamp() ELSE acted_at END
        + %(idle)s * interval '1 minute' - clock_timestamp()))::int,
  floor(extract(epoch FROM created_at + %(overall)s * interval '1 second' - clock_timestamp()))::int,
  coalesce(floor(extract(epoch FROM factor_at + %(fresh)s * interval '1 minute'
        - clock_timestamp())), -1)::int,
  factor_at IS NOT NULL,
  EXISTS (SELECT 1 FROM mfa_authenticator m WHERE m.user_id = alive.user_id AND m.type = 'totp')
FROM alive
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A session that is alive, as a request finds it. Seconds are what is left from now."""

    id: UUID
    user_id: UUID
    idle_seconds: int
    overall_seconds: int
    factor_seconds: int
    was_given: bool
    has_factor: bool

    @property
    def seconds(self) -> int:
        """Until the session ends if nothing more is done."""
        return max(0, min(self.idle_seconds, self.overall_seconds))

    @property
    def is_last(self) -> bool:
        """Whether the end that comes is that of the twelve hours, which nothing extends."""
        return self.overall_seconds <= self.idle_seconds

    @property
    def stepped_up(self) -> bool:
        """Whether a second factor was given in the last ten minutes."""
        return self.factor_seconds >= 0

    @property
    def is_past_factor(self) -> bool:
        """Whether a second factor is set up and was given in this session; the demonstration asks none."""
        return bool(settings.PEERWORKS_DEMO) or (self.has_factor and self.was_given)


def arrive(request: HttpRequest) -> None:
    """Put `sign_in`, `member` and `agency` on the request; who comes too late is signed out first.

    Two queries, whatever the page: the memberships, and the session's row, read and extended in one.
    """
    request.sign_in = request.member = None  # type: ignore[attr-defined]
    request.memberships = []  # type: ignore[attr-defined]
    user = request.user
    if user.is_authenticated:
        with acting_for(None, user.pk), transaction.atomic():
            member = choose_member(request)
            sign_in = _alive(request, member)
        if sign_in is None:
            sign_out_late(request)
        else:
            request.sign_in, request.member = sign_in, member  # type: ignore[attr-defined]
    request.agency = getattr(request.member, "agency", None)  # type: ignore[attr-defined]
    request.stepped_up = getattr(request.sign_in, "stepped_up", False)  # type: ignore[attr-defined]


def choose_member(request: HttpRequest) -> Membership | None:
    """The membership that this request acts as: the session's agency, checked each time, or the only one.

    None for users without a membership in force, and while several are there and none is chosen.
    """
    found = memberships_in_force(request.user.pk)  # type: ignore[arg-type]
    # The menu of the shell knows from them whether there is another agency to change to.
    request.memberships = found  # type: ignore[attr-defined]
    chosen = request.session.get("agency_id")
    for each in found:
        if str(each.agency_id) == chosen:
            return each
    return found[0] if len(found) == 1 else None


def _alive(request: HttpRequest, member: Membership | None) -> Arrival | None:
    told = {
        "id": request.session.get(SESSION_VALUE),
        "user": request.user.pk,
        "idle": member.agency.idle_minutes if member else IDLE_MINUTES,
        "overall": int(OVERALL.total_seconds()),
        "fresh": FRESH_MINUTES,
        "agency": member.agency_id if member else None,
        "key": operations.key_hash(request.session.session_key),
        "is_human": is_of_a_person(request),
    }
    with planning_cursor() as cursor:
        cursor.execute(_PRESENT, told)
        row = cursor.fetchone()
    return Arrival(*row) if row else None


def is_of_a_person(request: HttpRequest) -> bool:
    """Whether somebody opened a page or sent a form: by method, and by the mark on the view alone."""
    if request.method not in {"GET", "POST"}:
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return not is_by_script(view)


def sign_out_late(request: HttpRequest) -> None:
    """End a session whose time is over, or whose row is gone: the request goes on as a visitor's."""
    sign_in_id = request.session.get(SESSION_VALUE)
    if sign_in_id:
        operations.end_late_sign_in(user=request.user, sign_in_id=sign_in_id)  # type: ignore[arg-type]
    request.session.flush()
    request.user = AnonymousUser()


def device_token(request: HttpRequest) -> str:
    """The cookie that marks this browser, or "" where it has none."""
    token: str = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return token if 40 <= len(token) <= 64 and token.isascii() else ""
