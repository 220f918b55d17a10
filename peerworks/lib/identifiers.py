"""Identifiers of US health care: their check digits and shapes, and how to show them masked.

A shape says that something can be such an identifier, not that it was issued. Only capital letters
and the digits 0 to 9 are accepted, without spaces; forms tidy what a person typed before they ask.
"""

import re

_NPI_PREFIX = "80840"  # ISO/IEC 7812: 80 health applications, 840 United States
_NPI = re.compile(r"[12][0-9]{9}")
_NPI_STEM = re.compile(r"[0-9]{9}")
_MADE_UP_NPIS = 10**8
_TAXONOMY = re.compile(r"[0-9][0-9A-Z]{8}X")
_EIN = re.compile(r"[0-9]{2}-?[0-9]{7}")
_ICD10 = re.compile(r"[A-Z][0-9][0-9AB](\.?[0-9A-Z]{1,4})?")
_PLACE_OF_SERVICE = re.compile(r"(?!00)[0-9]{2}")
_TELEPHONE = re.compile("[2-9][0-9]{2}[2-9][0-9]{6}")
_ZIP_PLUS_4 = re.compile("[0-9]{9}")
_BOX = re.compile(r"\bP\.? ?O\.? ?BOX\b|\bPOST OFFICE BOX\b", re.IGNORECASE)
_MEMBER_ID = re.compile(r"[0-9A-Z]([0-9A-Z-]{0,78}[0-9A-Z])")
_HIDDEN = "\N{BULLET}"
_HIGHEST_DIGIT = 9


def npi_check_digit(stem: str) -> int:
    """The tenth digit of an NPI from its first nine: the Luhn sum over 80840 and the NPI.

    Source: CMS, NPI check digit calculation, whose example is 123456789 and 3. Raises `ValueError`
    for anything but nine digits.
    """
    if not _NPI_STEM.fullmatch(stem):
        raise ValueError("the stem of an NPI has nine digits")
    digits = [int(each) for each in reversed(_NPI_PREFIX + stem)]
    doubled = sum(_luhn_doubled(each) for each in digits[::2])
    return -(doubled + sum(digits[1::2])) % 10


def _luhn_doubled(digit: int) -> int:
    twice = digit * 2
    return twice - _HIGHEST_DIGIT if twice > _HIGHEST_DIGIT else twice


def is_npi(text: str) -> bool:
    """Whether this is an NPI: ten digits, the first 1 or 2, the last the right check digit."""
    return bool(_NPI.fullmatch(text)) and npi_check_digit(text[:9]) == int(text[9])


def made_up_npi(seed: int) -> str:
    """A valid NPI that belongs to nobody: it begins with 2, while those issued begin with 1.

    Another seed gives another number. Raises `ValueError` for a seed below 0 or above 99,999,999.
    """
    if not 0 <= seed < _MADE_UP_NPIS:
        raise ValueError("a made-up NPI has a seed of at most eight digits")
    stem = f"2{seed:08}"
    return f"{stem}{npi_check_digit(stem)}"


def is_taxonomy(text: str) -> bool:
    """Whether this has the shape of a provider taxonomy code, such as 175T00000X."""
    return bool(_TAXONOMY.fullmatch(text))


def is_ein(text: str) -> bool:
    """Whether this has the shape of an employer identification number, with its hyphen or without."""
    return bool(_EIN.fullmatch(text))


def is_telephone(text: str) -> bool:
    """Whether this is a North American number of ten digits: area and exchange begin with 2 to 9."""
    return bool(_TELEPHONE.fullmatch(text))


def is_zip_plus_4(text: str) -> bool:
    """Whether these are all nine digits of a ZIP code, which the address of who bills needs (837P, 2010AA N403)."""
    return bool(_ZIP_PLUS_4.fullmatch(text))


def names_a_box(street: str) -> bool:
    """Whether a street is a post-office box, which the address of who bills must not be (837P, 2010AA N301)."""
    return bool(_BOX.search(street))


def is_icd10_shape(text: str) -> bool:
    """Whether this has the shape of an ICD-10-CM code, with its point or without: F11.20, F1120."""
    return bool(_ICD10.fullmatch(text))


def is_place_of_service(text: str) -> bool:
    """Whether this is written as a place-of-service code: two digits, not 00."""
    return bool(_PLACE_OF_SERVICE.fullmatch(text))


def is_member_id(text: str) -> bool:
    """Whether a payer's member id can be sent at all: 2 to 80 letters, digits and inner hyphens.

    It is neutral on purpose: no payer's own shape is known, so none is checked. The length is that of
    NM109 in the claim.
    """
    return bool(_MEMBER_ID.fullmatch(text))


def masked(value: str, keep: int = 4) -> str:
    """The value for display, with all but its last `keep` characters hidden.

    Of a short value at most half is shown, so that it does not give itself away. Raises
    `ValueError` for a negative `keep`.
    """
    if keep < 0:
        raise ValueError("a number of characters is not negative")
    hidden = len(value) - min(keep, len(value) // 2)
    return _HIDDEN * hidden + value[hidden:]
