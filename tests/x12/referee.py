"""A second opinion on an 837P: pyx12, which reads the guide's own map of 005010X222A1.

Its exit status says nothing, so the function is used. It does not check sums, check digits, the
forms of identifiers or that a replacement names its original: see `test_checks`.
"""

import io
import logging

import pyx12.params
import pyx12.x12n_document


def accepts(content: bytes) -> tuple[bool, str]:
    """Whether the guide's map accepts the file, and the 999 that says why not."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    answer = io.StringIO()
    text = io.StringIO(content.decode("ascii"))
    accepted = pyx12.x12n_document.x12n_document(pyx12.params.params(), text, answer, None)
    return bool(accepted), answer.getvalue()
