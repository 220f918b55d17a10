"""Static files as they are served outside the tests: hashed names, and nothing missing."""

import re

from django.core.management import call_command
from django.test import override_settings

IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\./[^"']+)["']""")


def test_every_script_finds_what_it_imports(tmp_path):
    """The manifest renames files; a script that asks for an old name would find nothing."""
    storages = {"staticfiles": {"BACKEND": "peerworks.web.storage.StaticFiles"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    asked = [
        (script, name)
        for script in sorted((tmp_path / "peerworks" / "js").glob("*.js"))
        for name in IMPORT.findall(script.read_text())
    ]
    assert asked
    assert not [
        (script.name, name) for script, name in asked if not (script.parent / name).exists()
    ]
