"""Whether a password is easy to guess: length, repetition, walks over the keyboard, words that everybody tries.

Pure. NIST SP 800-63B-4 (3.1.1.2) asks for length and a comparison with what is commonly used, and
forbids rules about kinds of characters; so nothing here asks for a digit or a capital. What a guesser
has for free is crossed out: words of the list below, the person's own words, runs, years. A password
is accepted where enough is left over: eight letters or signs, a digit counting half of one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

SHORTEST, LONGEST = 15, 1024
_LEAST_LEFT = 16
_LEAST_DIFFERENT = 5
_RUN = 4
_LONGEST_KNOWN = 40
_OWN = 3


class Weakness(StrEnum):
    """Why a password is not taken, the first that holds."""

    SHORT = "SHORT"
    LONG = "LONG"
    REPEATED = "REPEATED"
    COMMON = "COMMON"
    OWN = "OWN"


_WORDS = """
  password passwort passwd passphrase passcode passw contrasena clave secret secreto welcome bienvenido
  bienvenida letmein iloveyou teamo tequiero admin administrator administrador root user username usuario
  guest invitado login logon signin master maestro monkey dragon football futbol baseball basketball soccer
  hockey superman batman spiderman starwars pokemon minecraft princess princesa sunshine shadow michael
  jennifer jordan hunter charlie jessica ashley daniel thomas robert andrew matthew carlos maria jose juan
  computer internet freedom libertad whatever trustno summer winter spring autumn verano invierno primavera
  january february march april june july august september october november december enero febrero marzo
  abril mayo junio julio agosto septiembre octubre noviembre diciembre monday tuesday wednesday thursday
  friday saturday sunday lunes martes miercoles jueves viernes sabado domingo changeme cambiame default
  temporary temporal temp test testing prueba hello hola goodbye america newyork chicago dallas texas
  cowboys yankees lakers liverpool arsenal chelsea manchester united barcelona realmadrid jesus christ
  blessed family familia mother madre forever lovely loveme love amor baby angel flower flores cheese
  chocolate cookie banana orange purple silver golden mustang ferrari corvette harley access security
  hospital health salud recovery recuperacion wellness medicaid medicare agency office oficina company
  peerworks peersupport peerspecialist peer works wham wrap database server network google facebook
"""
COMMON_WORDS = frozenset(_WORDS.split())
PRODUCT_WORDS = ("peerworks", "peer", "works")

_TRACKS = tuple(
    track
    for way in (
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiop",
        "qwertzuiop",
        "azertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertyuiopasdfghjklzxcvbnm",
        "1234567890qwertyuiop",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "qazwsxedcrfvtgbyhnujmikolp",
        "zaq12wsxcde34rfvbgt56yhn",
        "zaq1xsw2cde3vfr4bgt5nhy6mju7",
        "!@#$%^&*()_+",
    )
    for track in (way, way[::-1])
)
# How letters are written with other signs; "1" stands for two of them.
_LEET = tuple(
    str.maketrans("0134578@$!|+€" + one, "oieastbasllte" + letter)
    for one, letter in (("1", "i"), ("1", "l"))
)


def weakness(
    password: str, *, own: Iterable[str] = (), known: Collection[str] = frozenset()
) -> Weakness | None:
    """Why a password is not taken, or None.

    `own` are words that a guesser of this person tries: name, address, agency. `known` are passwords
    that many people have, in lower case. Length is counted in code points, as typed.
    """
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    text = _plain(password)
    if password.strip().casefold() in known:
        return Weakness.COMMON
    if len(set(text)) < _LEAST_DIFFERENT or _is_repetition(text):
        return Weakness.REPEATED
    runs = _covered_by_runs(text)
    if (
        _is_known(text, runs, known)
        or _left(text, runs | _covered(text, COMMON_WORDS)) < _LEAST_LEFT
    ):
        return Weakness.COMMON
    words = own_words([*own, *PRODUCT_WORDS])
    words |= {word[::-1] for word in words}
    if _left(text, runs | _covered(text, COMMON_WORDS | words)) < _LEAST_LEFT:
        return Weakness.OWN
    return None


def own_words(texts: Iterable[str]) -> frozenset[str]:
    """The words in names and addresses that count as one's own: each part, and the whole without gaps."""
    found = set()
    for text in texts:
        parts = "".join(each if each.isalnum() else " " for each in text).split()
        found |= {_plain(each) for each in (*parts, "".join(parts))}
    return frozenset(word for word in found if len(word) >= _OWN)


def _plain(text: str) -> str:
    """Lower case, no marks, no white space: what is left looks alike to a guesser."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in apart if not unicodedata.combining(each) and not each.isspace())


def _is_repetition(text: str) -> bool:
    """Whether the whole text is one piece, said at least twice; the last time may be cut short."""
    letters = "".join(each for each in text if each.isalnum()) or text
    return any(
        letters[size:] == letters[:-size]
        for whole in {letters, text}
        if whole == letters
        for size in range(1, len(letters) // 2 + 1)
    )


def _covered_by_runs(text: str) -> set[int]:
    """The places that lie in a run: a way over the keyboard, one sign again and again, or a year."""
    return {
        place
        for start, end in (*_walks(text), *_same_again(text), *_years(text))
        for place in range(start, end)
    }


def _walks(text: str) -> Iterator[tuple[int, int]]:
    for start in range(len(text) - _RUN + 1):
        length = max(_walk_from(text, start, track) for track in _TRACKS)
        if length >= _RUN:
            yield start, start + length


def _walk_from(text: str, start: int, track: str) -> int:
    length = 0
    while start + length < len(text) and text[start : start + length + 1] in track:
        length += 1
    return length


def _same_again(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or text[place] != text[start]:
            if place - start >= 3:
                yield start, place
            start = place


def _years(text: str) -> Iterator[tuple[int, int]]:
    # At the beginning of its digits: "20190412", not the middle of a long number.
    return (found.span() for found in re.finditer(r"(?<!\d)(?:19|20)[0-9]{2}", text))


def _covered(text: str, words: Collection[str]) -> set[int]:
    """The places in `text` that belong to one of the words, also with signs between or for letters."""
    places = [place for place, each in enumerate(text) if each.isalnum() or each in "@$!|+€"]
    spelled = "".join(text[place] for place in places)
    found: set[int] = set()
    for variant in {spelled, *(spelled.translate(leet) for leet in _LEET)}:
        for start, end in _occurrences(variant, words):
            found |= set(range(places[start], places[end - 1] + 1))
    return found


def _occurrences(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        start = text.find(word)
        while start >= 0:
            yield start, start + len(word)
            start = text.find(word, start + 1)


def _left(text: str, covered: set[int]) -> int:
    left = [each for place, each in enumerate(text) if place not in covered]
    return sum(1 if each.isdigit() else 2 for each in left)


def _is_known(text: str, runs: set[int], known: Collection[str]) -> bool:
    """Whether a password of the list is all that is left without runs and digits round it, or its beginning."""
    core = "".join(each for place, each in enumerate(text) if place not in runs)
    bare = core.strip("0123456789!?.,-_*#@$&+")
    candidates = {
        text,
        core,
        bare,
        *(each.translate(leet) for each in (core, bare) for leet in _LEET),
    }
    return any(each in known for each in candidates if each) or any(
        text[:end] in known and _left(text, runs | set(range(end))) < _LEAST_LEFT
        for end in range(_RUN, min(len(text), _LONGEST_KNOWN) + 1)
    )
