"""The start-up check of this app: what is uploaded never stands where the web server serves from."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def files_stand_outside_of_the_web_root(app_configs, **kwargs):
    """Refuse to start with uploads inside of a folder that is served, or around one."""
    files = Path(settings.FILES_ROOT).resolve()
    folders = [Path(each).resolve() for each in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)]
    return [
        Error(
            f"Uploads ({files}) and files that are served ({folder}) share a folder. "
            "Set PEERWORKS_STATE_DIR or STATIC_ROOT to another one.",
            id="files.E001",
        )
        for folder in folders
        if files.is_relative_to(folder) or folder.is_relative_to(files)
    ]
