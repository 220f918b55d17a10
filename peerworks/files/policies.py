"""Why something may not be done with a stored file: asked by buttons and by operations alike."""

from peerworks.files.models import StoredFile
from peerworks.lib.findings import Refusal, refuse


def refusal_to_withdraw_file(stored: StoredFile) -> Refusal | None:
    """A file is withdrawn once."""
    return None if stored.withdrawn_at is None else refuse("FILE-WITHDRAWN")
