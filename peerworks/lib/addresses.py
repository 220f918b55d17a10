"""E-mail addresses in the one form in which they are compared and stored.

Two spellings of one address must not become two accounts. So full-width letters and other doubles of
Unicode are folded (NFKC), capitals are lowered, a domain takes its ASCII form, and what is still not
ASCII, such as a Cyrillic letter that looks like a Latin one, is no address that we take.
"""

import unicodedata

LONGEST = 254


class NoAddress(ValueError):
    """Not an address in a form that can be compared."""


def plain_address(text: str) -> str:
    """The form of an address in which it is stored; `NoAddress` where there is none.

    Says nothing about whether mail arrives there: forms check the shape. What is far too long is refused
    before it is folded: marks in the wrong order cost the square of their number.
    """
    if len(text) > 2 * LONGEST:
        raise NoAddress(text)
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    name, at, domain = folded.rpartition("@")
    try:
        plain = f"{name}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise NoAddress(text) from None
    if not name or not domain or len(plain) > LONGEST:
        raise NoAddress(text)
    if not plain.isascii() or not plain.isprintable():
        raise NoAddress(text)
    return plain
