from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    """The people served."""

    name = "peerworks.participants"
    label = "participants"
    verbose_name = _("participants")

    def ready(self):
        """Give reasons and events their words, say whose people are whose, and offer the pages."""
        from peerworks.accounts import reach, subjects
        from peerworks.accounts.roles import Scope
        from peerworks.participants import events, navigation, queries, reasons

        events.register()
        reasons.register()
        navigation.register()
        reach.register("participants.Participant", Scope.CARE_TEAM, queries.on_care_team)
        subjects.register(subjects.Finder(queries.traced_by_words, queries.traced_name))
