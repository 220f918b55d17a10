"""What users keep about themselves."""

from peerworks.accounts.models import User
from peerworks.audit import trail


def choose_language(*, by: User, language: str) -> None:
    """Keep the language that a user reads; no event: it says nothing about anybody else."""
    User.objects.filter(pk=by.pk).update(language=language)


def change_account(*, by: User, name: str, pronouns: str, language: str) -> User:
    """Change one's own name, pronouns or language. What is signed keeps the name it was signed with."""
    values = {"name": name, "pronouns": pronouns, "language": language}
    changed = [field for field, value in values.items() if getattr(by, field) != value]
    if not changed:
        return by
    for field in changed:
        setattr(by, field, values[field])
    by.save(update_fields=changed)
    trail.record("account.changed", by=by, about=by, fields=changed)
    return by
