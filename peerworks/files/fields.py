"""A form's field for files: each examined, each refusal in words beside the field.

What a browser chose it sends once: where a form comes back with an error, the files must be chosen
again, and the form says so. Everything else that was typed stays.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peerworks.files import sniff
from peerworks.files.limits import MOST_AT_ONCE, MOST_BYTES, MOST_MEGABYTES, MOST_PAGES
from peerworks.files.uploads import Received
from peerworks.lib.findings import Refused, refuse
from peerworks.web import reasons

ACCEPTED = "application/pdf,image/png,image/jpeg"
_HINT = format_lazy(
    _(
        "PDF, PNG or JPEG: at most {most} files of {megabytes} MB, a PDF with at most {pages} pages. "
        "A photo of the paper is fine."
    ),
    most=MOST_AT_ONCE,
    megabytes=MOST_MEGABYTES,
    pages=MOST_PAGES,
)
_SHOWN = 60


class FilesInput(forms.FileInput):
    """Several files of a device; a telephone offers its camera, too. `files.js` lists what is chosen."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """All files of the field."""
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else []
        return found

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The limits and the words for the script, in the language of the page."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "accept": ACCEPTED,
            "data-files": "",
            "data-most": str(MOST_AT_ONCE),
            "data-most-bytes": str(MOST_BYTES),
            "data-too-many": gettext("At most {most} files at once.").format(most=MOST_AT_ONCE),
            "data-too-big": gettext("Too large: at most {most} MB.").format(most=MOST_MEGABYTES),
            "data-empty": gettext("This file is empty."),
            "data-remove": gettext("Remove"),
        }
        return context


class FilesField(forms.FileField):
    """None to five files, as `sniff.Examined` values."""

    widget = FilesInput
    default_error_messages = {"required": _("Choose at least one file.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"help_text": _HINT} | kwargs))

    def clean(self, data: Any, initial: Any = None) -> list[sniff.Examined]:
        """Each file examined; raises ValidationError with one sentence a file."""
        if not data:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(data) > MOST_AT_ONCE:
            raise _error(Refused(refuse("UPLOAD-MANY", most=MOST_AT_ONCE)))
        kept: list[sniff.Examined] = []
        wrong: list[ValidationError] = []
        for each in data:
            try:
                kept.append(_examined(each))
            except Refused as refused:
                wrong.append(_error(refused, f"{_shown(each)}: "))
        if wrong:
            raise ValidationError(wrong)
        return kept


def _examined(received: Any) -> sniff.Examined:
    if not isinstance(received, Received):
        raise TypeError("put @takes_files on the view: this file came past the limits")
    if received.is_lost:
        raise Refused(refuse("UPLOAD-ROOM"))
    return sniff.examine(received)


def _error(refused: Refused, lead: str = "") -> ValidationError:
    told = reasons.sentence(refused.refusal.because)
    return ValidationError(f"{lead}{told}", code=refused.refusal.code)


def _shown(received: Received) -> str:
    """The name in an error: whatever was sent, only what can be seen of it."""
    name = sniff.seen(received.told_name)
    return f"{name[:_SHOWN]}…" if len(name) > _SHOWN else name or gettext("the file")


class AsksAgain(forms.BaseForm):
    """For a form with a field of files: where it comes back with an error, they are asked for again."""

    files_field = "evidence"
    _is_read = False

    def full_clean(self) -> None:
        """Check the fields, then say it where one of them was wrong."""
        super().full_clean()
        self._is_read = True
        self._ask_again()

    def add_error(self, field: str | None, error: Any) -> None:
        """What an operation refuses comes later, and counts as well."""
        super().add_error(field, error)
        if self._is_read:
            self._ask_again()

    def _ask_again(self) -> None:
        came = self.is_bound and self[self.files_field].data
        if came and self.errors and self.files_field not in self.errors:
            told = gettext("Choose the files again: a browser sends them only once.")
            super().add_error(self.files_field, ValidationError(told, code="again"))
