"""Names of people: the key that lists of people are sorted by.

The database sorts text by code point, since not every PostgreSQL brings the data of a language. So
the order of names is made here, once, and stored beside the name.
"""

import unicodedata

_BETWEEN = "\t"  # below the space and every letter: "Vance, Z" comes before "Vance Ortiz, A"


def sort_key(family: str, given: str) -> str:
    """The key that sorts people by family name, then given name: no marks, no case, no extra spaces.

    "Núñez" sorts as "nunez". Letters that Unicode does not take apart, such as "ł" or "ø", stay as
    they are and come after z. Empty only where both names are.
    """
    return _BETWEEN.join((_plain(family), _plain(given))).rstrip(_BETWEEN)


def _plain(name: str) -> str:
    # Folding may bring new marks ("İ" becomes "i" and a dot), so it stands before the taking apart.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())
