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
        from peerworks.notices import letters, navigation, operations

        events.register("reminders.raised", _("{actor} raised the reminders that were due."))
        events.register("notice.done", _("{actor} marked a notice as done."))
        events.register("notice.listed", _("{actor} looked at reminders about participants."))
        navigation.register()
        register_sender(operations.plan_letter, leaves=letters.leaves_this_machine)
