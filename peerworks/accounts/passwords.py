"""The password rules for whatever validates through Django's own setting; the rules are policies."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from peerworks.accounts.policies import refusal_of_password
from peerworks.web import reasons


class PassphraseValidator:
    """AU-2 for forms of other packages; ours ask the policy, which knows the agency, too."""

    def validate(self, password, user=None):
        """Raises `ValidationError` with the sentence of the refusal."""
        own = (getattr(user, "name", ""), getattr(user, "email", ""))
        refusal = refusal_of_password(password, own)
        if refusal is not None:
            raise ValidationError(reasons.sentence(refusal.because), code=refusal.code)

    def get_help_text(self):
        """What stands beside a field for a new password."""
        return _("15 characters or more. Spaces and all signs are welcome.")
