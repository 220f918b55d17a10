from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What a member is told, and reminded of."""

    name = "peerworks.notices"
    label = "notices"
    verbose_name = _("notices")

    def ready(self):
        """Give the audit events their words and the header its place of what is due; offer to send letters."""
        from peerworks.accounts.letters import register_sender
        from peerworks.audit import events
        from peerworks.jobs import kinds
        from peerworks.notices import letters, navigation, operations
        from peerworks.web import reasons

        events.register("reminders.raised", _("{actor} raised the reminders that were due."))
        events.register("notice.done", _("{actor} marked a notice as done."))
        events.register("notice.not_needed", _("{actor} marked a notice as not needed."))
        events.register("notice.put_off", _("{actor} put a notice off to a later day."))
        events.register("notice.taken_back", _("{actor} put a notice back into the own list."))
        events.register("notice.listed", _("{actor} looked at reminders about participants."))
        reasons.register(
            "NOTICE-UNTIL", _("Choose a day from {first} through {last}; later would be too late.")
        )
        navigation.register()
        kinds.register(kinds.JobKind(operations.LETTER_SENT, _("Sending e-mail about an account")))
        kinds.register(
            kinds.JobKind(operations.NOTICE_MAILED, _("Sending e-mail about a reminder"))
        )
        register_sender(operations.plan_letter, leaves=letters.leaves_this_machine)
