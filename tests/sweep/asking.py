"""Asks pages as somebody, and reads what an answer must never hold."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from peerworks.agencies.context import acting_for
from tests.sweep.addresses import Address, hangs_on, random_ids
from tests.sweep.ground import Ground

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
KINDS = ("mine", "loose", "sealed", "foreign", "random")
_NONCES = re.compile(rb'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"')


def paths(address: Address, ground: Ground) -> dict[str, str]:
    """The path with the ids of each set, as far as the set has a row of that model, and a random one."""
    if not address.ids:
        return {"mine": address.path({})}
    found = {"random": address.path(random_ids(address))}
    for which, bag in ground.bags.items():
        labels = address.ids.values()
        if which == "sealed" and not all("person" in hangs_on(label) for label in labels):
            continue
        if all(label in bag.known for label in labels):
            found[which] = address.path(ground.ids(which, address))
    return {which: found[which] for which in KINDS if which in found}


def own_path(address: Address, ground: Ground, who: str) -> str:
    """The path with ids of somebody's own agency."""
    found = paths(address, ground)
    return found.get("foreign", found["mine"]) if who == "other-administrator" else found["mine"]


def ask(client: Client, method: str, path: str, ground: Ground, who: str | None) -> HttpResponse:
    """One request, as the form of the active agency would send it; a fault says who asked what."""
    given: dict[str, Any] = {}
    if method == "POST":
        agency = ground.agency(who).pk if who else ""
        given = {"data": {"form_agency": str(agency), "form_key": str(uuid.uuid4())}}
    elif method not in {"GET", "HEAD"}:
        given = {"headers": {"X-Agency": str(ground.agency(who).pk) if who else ""}}
    try:
        return getattr(client, method.lower())(path, **given)
    except Exception as error:
        raise AssertionError(f"{who} {method} {path}: {error!r}") from error


@contextmanager
def given_back() -> Iterator[None]:
    """What is written inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def said(response: HttpResponse) -> bytes:
    """Status, headers and body as one text, without what differs by design on each answer."""
    if (told := getattr(response, "said", None)) is None:
        told = response.said = _said(response)
    return told


def _said(response: HttpResponse) -> bytes:
    headers = sorted(
        f"{name}: {value}"
        for name, value in response.items()
        if name not in {"X-Reference", "Content-Length"}
    )
    body = _NONCES.sub(b"", response.content)
    return b"\n".join([str(response.status_code).encode(), *map(str.encode, headers), body])


def shown_words(response: HttpResponse, words: dict[str, str]) -> list[str]:
    """Which of the forbidden words an answer holds, in body, headers or cookies."""
    text = said(response) + str(response.cookies).encode()
    return [name for name, word in words.items() if word.encode() in text]


def shown_ids(response: HttpResponse, ids: set[str], asked: str) -> set[str]:
    """Which of the forbidden ids an answer names, but for those of the address that was asked."""
    found = set(_UUID.findall(said(response).decode(errors="replace")))
    return {each for each in found & ids if each not in asked}


_EVENTS = """SELECT action, object_id,
  array(SELECT participant_id FROM audit_eventperson WHERE event_id = e.id)
  FROM audit_auditevent e WHERE id > %s AND kind = %s AND actor_id = %s ORDER BY id"""


def events(ground: Ground, who: str, kind: str) -> list[tuple[str, str, list[uuid.UUID]]]:
    """The events of a kind that somebody left on the ground: (action, object id, participants), oldest first.

    Prepared, since the database would take most of the time to plan it, thousands of times in a row.
    """
    member = ground.member(who)
    with acting_for(member.agency_id, member.user_id), transaction.atomic():
        asked = ground.last_event, kind, str(member.user_id)
        return (
            psycopg.Cursor(connection.connection).execute(_EVENTS, asked, prepare=True).fetchall()
        )
