"""The catalogue check finds every kind of gap, and its writing loses nothing."""

import pytest

from tests.checks import catalogue, messages

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
WORDS = catalogue.PlainWords.read()
GLOSSARY = messages.ROOT / "docs" / "glossary.md"


def asked(*texts):
    """A catalogue as the code asks for it."""
    result = messages.empty_catalogue()
    for text in texts:
        result.add(text)
    return result


def told(tmp_path, body, name="told.po"):
    """A catalogue read from a file with these entries."""
    path = tmp_path / name
    path.write_text(HEAD + body, encoding="utf-8")
    return catalogue.read(path)


def entry(english, spanish, before=""):
    return f'{before}msgid "{english}"\nmsgstr "{spanish}"\n\n'


VISITS = 'msgid "{count} visit"\nmsgid_plural "{count} visits"\nmsgstr[0] "%s"\nmsgstr[1] "%s"\n\n'


def test_a_complete_catalogue_has_no_differences(tmp_path):
    body = entry("Sign in", "Iniciar sesión") + VISITS % ("Una visita", "{count} visitas")
    code = asked("Sign in", ("{count} visit", "{count} visits"))
    assert not list(catalogue.differences(code, told(tmp_path, body)))


@pytest.mark.parametrize(
    ("text", "body", "fault"),
    [
        ("Sign in", "", "not in the catalogue"),
        ("Sign in", entry("Sign in", ""), "not translated"),
        ("Sign in", entry("Sign in", "Entrar", "#, fuzzy\n"), "marked as fuzzy"),
        ("{a} of {b}", entry("{a} of {b}", "{a} de {c}"), "other placeholders"),
        ("{d:short}", entry("{d:short}", "El {d}"), "other placeholders"),
        ("By %(name)s", entry("By %(name)s", "Por %(nombre)s"), "other placeholders"),
        ("By {name", entry("By {name", "Por {name}"), "other placeholders"),
        (("{count} visit", "{count} visits"), VISITS % ("Una", "Varias"), "other placeholders"),
        (("{count} visit", "{count} visits"), VISITS % ("Una visita", ""), "a plural form"),
        (("visit", "visits"), entry("visit", "visita"), "one of the two has a plural"),
    ],
)
def test_a_gap_is_found(tmp_path, text, body, fault):
    (found,) = catalogue.differences(asked(text), told(tmp_path, body))
    assert found.startswith(fault)


def test_a_message_that_nobody_asks_for_is_found(tmp_path):
    (found,) = catalogue.differences(asked(), told(tmp_path, entry("Old", "Viejo")))
    assert found == 'the code no longer asks for: "Old"'


def test_an_obsolete_entry_is_found(tmp_path):
    body = '#~ msgid "Old"\n#~ msgstr "Viejo"\n'
    assert list(catalogue.differences(asked(), told(tmp_path, body))) == ["obsolete: Old"]


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("Ask the patient", "Pregunte a la persona", 'says "patient"'),
        ("Nobody REFUSED", "Nadie dijo que no", 'says "refused"'),
        ("Ask the participant", "Pregunte al paciente", 'says "paciente"'),
        ("Sign the note", "Sign the note", "the Spanish is the English"),
    ],
)
def test_words_that_we_do_not_use_are_found(tmp_path, english, spanish, fault):
    (found,) = catalogue.plain(told(tmp_path, entry(english, spanish)), WORDS)
    assert found.startswith(fault)


@pytest.mark.parametrize("text", ["NPI", "{start}–{end}", "%(count)s / %(total)s"])
def test_messages_that_are_the_same_in_both_languages_pass(tmp_path, text):
    assert not list(catalogue.plain(told(tmp_path, entry(text, text)), WORDS))


@pytest.mark.parametrize("text", ["Be patient-led", "Impatient people"])
def test_a_word_inside_another_is_no_fault(text):
    assert not list(WORDS.in_text(text, "en"))


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("Sign the form", "Firmar  el formulario", "a blank too many"),
        ("Sign the form", "Firmar el formulario ", "a blank too many"),
        ("Who?", "Quién?", "¿ ? or ¡ ! is not a pair"),
        ("Now “{now}”", "Ahora «{now}»", "other quotes"),
        ("It is there.", "Está ahí", "another sign at the end"),
        ("Phone", "teléfono", "a capital at the beginning"),
        ("Open on {date}.", "Abierto {date}.", "a day in a sentence without"),
        ("This claim", "Este reclamo", '"claim" without'),
        ("%(count)s payers", "%(count)s aseguradoras", '"payers" without'),
    ],
)
def test_spanish_that_is_not_well_written_is_found(tmp_path, english, spanish, fault):
    body = entry(english.replace('"', '\\"'), spanish)
    (found,) = catalogue.written(told(tmp_path, body), WORDS.terms)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Who are you, {name}?", "{name}, ¿quién es usted?"),
        ("ZIP code", "código postal"),
        ("{count} left", "Quedan {count}"),
        ("Since {date}", "Desde el {date}"),
        ("This claim of {payers}", "Esta reclamación de {payers}"),
        ("Reclaimed", "Recuperado"),
    ],
)
def test_spanish_that_is_well_written_passes(tmp_path, english, spanish):
    assert not list(catalogue.written(told(tmp_path, entry(english, spanish)), WORDS.terms))


def test_each_plural_form_is_held_against_its_own_english(tmp_path):
    body = VISITS % ("Una visita", "{count} vistas")
    (found,) = catalogue.written(told(tmp_path, body), WORDS.terms)
    assert found.startswith('"visits" without "visita"')


def test_the_glossary_has_a_spanish_word_for_each_term():
    rows = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    without = [row for row in rows if len(row.split("|")) != 5 or not row.split("|")[2].strip()]
    assert len(rows) > 60
    assert not without


def test_messages_are_read_from_python_and_from_templates(tmp_path):
    (tmp_path / "providers" / "migrations").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "providers" / "migrations" / "0001.py").write_text('_("Not this")')
    (tmp_path / "providers" / "words.py").write_text(
        'a = _("One") + pgettext("month", "May")\nb = ngettext_lazy("%(n)s note", "%(n)s notes")\n'
        "c = gettext(name)\n"
    )
    (tmp_path / "templates" / "page.html").write_text(
        "<p>It's plain\n   {% translate 'Two' %}</p>\n  {% if x == _('Three') %}(\n{% endif %}"
        "{% blocktranslate trimmed count n=n with name=x %}{{ name }}: one\n"
        "  {% plural %}{{ name }}: {{ n }}{% endblocktranslate %}"
    )
    found = {messages.key_of(each) for each in catalogue.messages_of(messages.extracted(tmp_path))}
    assert found == {
        ("One", None),
        ("May", "month"),
        ("%(n)s note", None),
        ("Two", None),
        ("Three", None),
        ("%(name)s: one", None),
    }


def test_writing_keeps_what_is_asked_for_and_takes_in_what_is_new(tmp_path):
    (tmp_path / "new").mkdir()
    told(tmp_path / "new", entry("Two", "Dos") + entry("Nine", "Nueve"), "a.po")
    told(tmp_path / "new", entry("Two", "Par") + entry("Three", ""), "b.po")
    old = told(tmp_path, entry("One", "Uno") + entry("Gone", "Ido"))
    result, notes = catalogue.merged(asked("One", "Two", "Three"), old, [tmp_path / "new"])
    texts = {each.id: each.string for each in catalogue.messages_of(result)}
    assert texts == {"One": "Uno", "Two": "Dos", "Three": None}
    assert notes == ['b.po and a.po disagree on "Two"', 'the code does not ask for: "Nine"']


def test_what_is_written_reads_the_same_and_writes_the_same(tmp_path):
    code = asked("B {x}", ("{count} visit", "{count} visits"), "A")
    old = told(tmp_path, entry("B {x}", "Be {x}") + VISITS % ("Una visita", "{count} visitas"))
    path = tmp_path / "django.po"
    path.write_bytes(catalogue.as_po(catalogue.merged(code, old, [])[0]))
    again = catalogue.as_po(catalogue.merged(code, catalogue.read(path), [])[0])
    assert again == path.read_bytes()
    assert {each.id: each.string for each in catalogue.messages_of(catalogue.read(path))} == {
        "A": "",
        "B {x}": "Be {x}",
        ("{count} visit", "{count} visits"): ("Una visita", "{count} visitas"),
    }


def test_a_compiled_catalogue_that_lags_behind_is_found(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(HEAD + entry("One", "Uno"), encoding="utf-8")
    assert not catalogue.is_compiled(path)
    path.with_suffix(".mo").write_bytes(catalogue.as_mo(catalogue.read(path)))
    assert catalogue.is_compiled(path)
    path.write_text(HEAD + entry("One", "Un"), encoding="utf-8")
    assert not catalogue.is_compiled(path)
