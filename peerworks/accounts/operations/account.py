"""What users keep about themselves."""

from peerworks.accounts.models import User
from peerworks.audit import trail


def choose_language(*, by: User, language: str) -> None:
    """Keep the language that a user reads; no event: it says nothing about anybody else."""
    User.objects.filter(pk=by.pk).update(language=language)


def choose_help(*, by: User, is_shown: bool) -> None:
    """Show the help cards on one's own Today or not; no event: it says nothing about anybody else."""
    User.objects.filter(pk=by.pk).update(shows_help=is_shown)


def change_account(
    *, by: User, name: str, pronouns: str, language: str, theme: str, has_shortcuts: bool
) -> User:
    """Change what one says about oneself, and how one's pages look and listen to the keyboard.

    What is signed keeps the name it was signed with.
    """
    values = {
        "name": name,
        "pronouns": pronouns,
        "language": language,
        "theme": theme,
        "has_shortcuts": has_shortcuts,
    }
    changed = [field for field, value in values.items() if getattr(by, field) != value]
    if not changed:
        return by
    for field in changed:
        setattr(by, field, values[field])
    by.save(update_fields=changed)
    trail.record("account.changed", by=by, about=by, fields=changed)
    return by
