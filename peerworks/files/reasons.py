"""Why a file is not kept: each sentence says what is wrong and what to do."""

from django.utils.translation import gettext_lazy as _

from peerworks.web import reasons

_FOUND = {
    "PROGRAM": _("a program"),
    "GIF": _("a GIF picture"),
    "TIFF": _("a TIFF picture"),
    "WEBP": _("a WebP picture"),
    "HEIC": _("a HEIC picture"),
    "MOVING": _("a moving picture"),
    "SVG": _("an SVG drawing"),
    "HTML": _("a web page"),
    "ZIP": _("an archive or an office document"),
    "OTHER": _("a file of another kind"),
}
_ACTS = {
    "JAVASCRIPT": _("a script"),
    "ACTION": _("an action that runs by itself"),
    "LAUNCH": _("a command that opens another program or file"),
    "ATTACHMENT": _("other files inside"),
    "XFA": _("a form that is a program"),
    "MEDIA": _("sound, film or a model"),
}


def register() -> None:
    """Give codes their words; called once, when the program starts."""
    _of_names()
    _of_contents()
    reasons.register_codes("found", lambda code: _FOUND.get(code, code))
    reasons.register_codes("what", lambda code: _ACTS.get(code, code))
    reasons.register(
        "FILE-WITHDRAWN",
        _("This file is withdrawn already."),
        fix=_("Upload the right file"),
    )


def _of_names() -> None:
    reasons.register(
        "UPLOAD-NAME-LONG",
        _("The file name has more than {most} characters. Shorten it, then choose the file again."),
    )
    reasons.register(
        "UPLOAD-NAME-PATH",
        _("The file name contains a path. Rename the file without slashes, then choose it again."),
    )
    reasons.register(
        "UPLOAD-NAME-SIGNS",
        _("The file name contains hidden characters. Rename the file, then choose it again."),
    )
    reasons.register(
        "UPLOAD-NAME-TWO",
        _("The file name contains the ending of a program. Rename the file, then choose it again."),
    )
    reasons.register(
        "UPLOAD-ENDING",
        _(
            "The name ends in {ending}, but the content is {content}. Rename the file, then choose it again."
        ),
    )


def _of_contents() -> None:
    reasons.register("UPLOAD-EMPTY", _("The file is empty. Scan or save it again, then choose it."))
    reasons.register(
        "UPLOAD-BIG",
        _(
            "The file is larger than {most} MB. Scan it at a lower resolution, or split it in several files."
        ),
    )
    reasons.register(
        "UPLOAD-MANY",
        _("At most {most} files at once. Upload some first, then add the others."),
    )
    reasons.register(
        "UPLOAD-KIND",
        _("This is {found}. Choose a PDF, PNG or JPEG file, or take a photo of the paper."),
    )
    reasons.register(
        "UPLOAD-MIXED",
        _("Something else is hidden in this file. Print it to a new PDF, or take a new photo."),
    )
    reasons.register(
        "UPLOAD-BROKEN",
        _("The file is damaged and cannot be read. Print it to a new PDF, or take a new photo."),
    )
    reasons.register(
        "UPLOAD-LOCKED",
        _(
            "The PDF is locked with a password. Print it to a new PDF without one, or take a photo of it."
        ),
    )
    reasons.register(
        "UPLOAD-ACTIVE",
        _(
            "The PDF contains {what}. Print it to a new PDF, which shows the same pages and nothing else."
        ),
    )
    reasons.register(
        "UPLOAD-PAGES",
        _(
            "The PDF has {pages} pages; 1 to {most} are possible. Choose only the pages that prove it."
        ),
    )
    reasons.register(
        "UPLOAD-PIXELS",
        _("The picture has more than {most} megapixels. Make it smaller, or take a new photo."),
    )
    reasons.register(
        "UPLOAD-ROOM",
        _("There is no room for files right now. Nothing was stored. Tell an administrator."),
    )
