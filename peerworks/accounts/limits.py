"""How often a secret may be tried, counted in one statement before anything is compared or hashed.

A try that comes is counted, and either let through or not; two that come at once cannot both be the
tenth. Counts stand in PostgreSQL (`RateLimit`, on the connection `apart`): a flushed broker, a cleared
cache and a restart forget nothing. Refused tries cost one statement and add nothing, so nobody is kept
out longer by them.

A sign-in is counted under the address, or, in a browser the user has signed in with before, under
address and browser alone: whoever guesses elsewhere cannot lock the owner out. What the address let
through is counted for its network, too, so that many addresses cannot be tried from one place; one
person at an office uses up ten of it and no more.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.utils.crypto import salted_hmac

WINDOW_MINUTES = 15
OF_A_SECRET = 10
"""Tries of one password or code in a window; then one more each ninety seconds."""
IN_A_ROW = 100
"""Tries without a success, however slow, after which the secret must be set anew (NIST SP 800-63B-4, 3.2.2)."""
OF_A_NETWORK = 100
_ENDLESS = 2_000_000_000

_COUNT = """
INSERT INTO accounts_ratelimit AS r (key, free_at, refused, in_row)
VALUES (%(key)s, statement_timestamp() + %(step)s * interval '1 second', 0, 1)
ON CONFLICT (key) DO UPDATE SET (free_at, refused, in_row) = (
  SELECT CASE WHEN is_free THEN later ELSE r.free_at END,
         CASE WHEN is_free THEN 0 ELSE r.refused + 1 END,
         CASE WHEN is_free THEN r.in_row + 1 ELSE r.in_row END
    FROM (SELECT greatest(r.free_at, statement_timestamp())
                 + %(step)s * interval '1 second' AS later) AS then_free,
         LATERAL (SELECT later <= statement_timestamp() + %(window)s * interval '1 second'
                         AND r.in_row < %(most)s AS is_free) AS asked)
RETURNING refused, in_row
"""
_FORGIVE = """
UPDATE accounts_ratelimit SET refused = 0, in_row = 0, free_at = free_at - %s * interval '1 second'
 WHERE key = %s
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """One count: its key, how many tries a window takes, and how many without a success."""

    key: str
    tries: int = OF_A_SECRET
    in_a_row: int = IN_A_ROW

    @property
    def step(self) -> float:
        """Seconds that one try takes of the window."""
        return WINDOW_MINUTES * 60 / self.tries


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a try: let through or not, and why not."""

    is_free: bool
    is_used_up: bool = False
    is_first_refusal: bool = False


def key_of(*parts: object) -> str:
    """The key of a count: a keyed hash, so that the table tells nobody an address."""
    text = "\x1f".join(str(each) for each in parts)
    return salted_hmac("peerworks.limits", text, algorithm="sha256").hexdigest()


def sign_in_limits(address: str, *, password: str, device: str, network: str) -> tuple[Limit, ...]:
    """The counts of one sign-in, in the order in which they are asked.

    `password` is the stored hash (or ""): a new password begins a new count. `device` is the known
    browser's mark, "" elsewhere.
    """
    whose = hashlib.sha256(password.encode()).hexdigest()
    if device:
        return (Limit(key_of("device", address, whose, device)),)
    return (
        Limit(key_of("account", address, whose)),
        Limit(key_of("network", network), tries=OF_A_NETWORK, in_a_row=_ENDLESS),
    )


def code_limit(user_id: object, factor_id: object) -> Limit:
    """The count of one second factor; a new factor begins a new one."""
    return Limit(key_of("code", user_id, factor_id))


def own_password_limit(user_id: object, password: str) -> Limit:
    """The count of the current password, asked where it is changed: whoever took a session cannot guess it."""
    return Limit(key_of("own", user_id, hashlib.sha256(password.encode()).hexdigest()))


def reset_limit(user_id: object) -> Limit:
    """How often a link for a new password is asked for one account, by whomever."""
    return Limit(key_of("reset", user_id), in_a_row=_ENDLESS)


def count(*limits: Limit) -> Counted:
    """Count one try under each limit until one refuses it."""
    for each in limits:
        found = _count(each)
        if not found.is_free:
            return found
    return Counted(is_free=True)


def _count(limit: Limit) -> Counted:
    told: dict[str, Any] = {
        "key": limit.key,
        "step": limit.step,
        "window": WINDOW_MINUTES * 60 + 1,
        "most": limit.in_a_row,
    }
    with connections["apart"].cursor() as cursor:
        cursor.execute(_COUNT, told)
        refused, in_row = cursor.fetchone()
    return Counted(
        is_free=refused == 0,
        is_used_up=refused > 0 and in_row >= limit.in_a_row,
        is_first_refusal=refused == 1,
    )


def forgive(*limits: Limit) -> None:
    """The try was right: it is given back, and a new row of tries begins."""
    with connections["apart"].cursor() as cursor:
        for each in limits:
            cursor.execute(_FORGIVE, [each.step, each.key])


def retry_after() -> int:
    """Seconds after which one more try is let through, as an answer of 429 names them."""
    return WINDOW_MINUTES * 60 // OF_A_SECRET


def device_mark(token: str) -> str:
    """What is stored of a browser's cookie."""
    return key_of("known-device", token) if token else ""
