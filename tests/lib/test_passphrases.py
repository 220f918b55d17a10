"""AU-2: which passwords are taken. Length decides, and what a guesser tries first is refused."""

import pytest

from peerworks.lib.passphrases import LONGEST, Weakness, own_words, weakness

OWN = ("Luz Ortega", "luz.ortega@juniper-bridge.example", "Juniper Bridge Peer Alliance")
KNOWN = frozenset(
    {"kartoffelpuffer", "somanypickles27", "trustno1", "friend of emily", "bicicleta"}
)

TAKEN = (
    "a long made-up password",
    "correct horse battery staple",
    "seven quiet otters under the pier",
    "mi abuela cocina arroz los martes",
    "  spaces stay at both ends  ",
    "onlylettersinarowforsure",
    "ALLCAPITALSAREWELCOMETOO",
    "839201746592017364",
    "wgh3kqpzx8vmt2c",
    "🌵🐢🎈🍋🪁🎻🦊🌊🍞🧵🪴🦉🎲🧊🛶",
    "tres árboles y un río 🌳",
    "Ortega likes green tea at noon",
    "we walked to the blue library",
    "пять зелёных яблок на столе",
    "五只安静的水獭在码头下面游来游去",
    "purple monkey dishwasher parade",
    "the peer group meets by the river",
    'quotes " and \\ slashes / stay',
    "<script>alert(1)</script>",
    "x7!Lp@9#qR2$wZ5%",
    "two\nlines of a password",
    "a" + "bcxyzqwe rtklmn opdfgh" * 9,
)
SHORT = (
    "", "short", "fourteen signs", "🌵🐢🎈🍋🪁🎻🦊🌊🍞🧵🪴🦉🎲🧊", "wgh3kqpzx8vmt2", "              ",
)  # fmt: skip
REPEATED = (
    "aaaaaaaaaaaaaaa",
    "111111111111111",
    "abababababababab",
    "abcabcabcabcabc",
    "luzluzluzluzluz",
    "otter otter otter",
    "quietotterquietotter",
    "quiet otter quiet otter",
    "blue house blue house bl",
    "               ",
    "!?!?!?!?!?!?!?!?",
    "🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵🌵",
)
COMMON = (
    "123456789012345",
    "987654321098765",
    "abcdefghijklmno",
    "zyxwvutsrqponml",
    "qwertyuiopasdfgh",
    "poiuytrewqlkjhgf",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i",
    "zaq12wsxcde34rfv",
    "qwertzuiopasdfgh",
    "!@#$%^&*()_+!@#$",
    "password12345678",
    "PasswordPassword1",
    "P@ssw0rd!P@55w0rd",
    "p-a-s-s-w-o-r-d-2026",
    "Welcome2026!!!!",
    "welcometotheadmin1",
    "letmeinletmein99",
    "iloveyou1234567",
    "Summer2025Winter2026",
    "contrasena2026!!",
    "Bienvenido2026$$",
    "kartoffelpuffer",
    "somanypickles27",
    "SomanyPickles27",
    "friend of emily",
    "trustno1trustno2",
    "123456bicicleta2026",
    "Administrator123!",
    "peerworks-peer-2026",
    "PeerW0rks!PeerW0rk5",
    "recovery2026recovery!",
)
OWNED = (
    "LuzOrtega123456789",
    "luz.ortega.2026!!",
    "Ortega, Luz 19840102",
    "luz.ortega@juniper-bridge.example",
    "Juniper-Bridge-2026",
    "JuniperBridgePeerAlliance",
    "0rt3g4-Juniper-99",
    "agetrozul2026!!!",
    "PeerAllianceLuz1",
)


@pytest.mark.parametrize("password", TAKEN)
def test_au2_a_long_password_is_taken_whatever_it_is_made_of(password):
    assert weakness(password, own=OWN, known=KNOWN) is None


@pytest.mark.parametrize("password", SHORT)
def test_au2_fourteen_characters_are_too_few(password):
    assert weakness(password, own=OWN, known=KNOWN) is Weakness.SHORT


@pytest.mark.parametrize("password", REPEATED)
def test_au2_what_repeats_itself_is_refused(password):
    assert weakness(password, known=KNOWN) is Weakness.REPEATED


@pytest.mark.parametrize("password", COMMON)
def test_au2_walks_sequences_and_common_words_are_refused(password):
    assert weakness(password, known=KNOWN) in {Weakness.COMMON, Weakness.REPEATED}


@pytest.mark.parametrize("password", OWNED)
def test_au2_ones_own_name_address_and_agency_are_refused(password):
    assert weakness(password, own=OWN, known=KNOWN) is not None
    assert weakness(password, known=KNOWN) is None or "peer" in password.lower()


def test_au2_the_table_is_long_enough():
    assert len({*TAKEN, *SHORT, *REPEATED, *COMMON, *OWNED}) >= 60


def test_au2_two_hundred_characters_and_more_are_taken():
    long = "quiet otters swim under the old pier at dawn, nobody counts them; "
    assert weakness((long * 4)[:200] + " end") is None
    assert weakness("".join(chr(0x4E00 + each) for each in range(LONGEST))) is None
    assert weakness("".join(chr(0x4E00 + each) for each in range(LONGEST + 1))) is Weakness.LONG


def test_au2_length_is_counted_in_code_points():
    assert weakness("é" * 14) is Weakness.SHORT
    assert weakness("ábcdé fghíj klmñ") is not Weakness.SHORT


def test_own_words_are_parts_and_wholes_without_marks():
    assert own_words(["José Núñez", "al@b.co"]) >= {"jose", "nunez", "josenunez"}
    assert "al" not in own_words(["al@b.co"])


def test_a_password_of_the_longest_length_is_judged_quickly():
    # Bounded work: each place is looked at against a fixed number of tracks and words.
    assert weakness("qwerty asdf " * 85) in {Weakness.REPEATED, Weakness.COMMON}
