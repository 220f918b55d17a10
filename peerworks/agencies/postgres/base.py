"""The database backend: PostgreSQL as the app role, with a context told to every transaction."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from peerworks.agencies.context import NOBODY, acting, tell

_FLAGS = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OWNS = """SELECT count(*) FROM pg_class
           WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
             AND relkind = 'r' AND relnamespace = 'public'::regnamespace"""


class DatabaseWrapper(base.DatabaseWrapper):
    """Refuses, at every new connection, a role that row-level security would not bind."""

    def init_connection_state(self):
        """Check the role once a connection, unless this process migrates (settings say so)."""
        super().init_connection_state()
        if settings.MAY_BYPASS_ISOLATION:
            return
        try:
            self._refuse_a_role_that_bypasses()
        except BaseException:
            # Django would take the open connection for a good one at the next statement.
            self.connection.close()
            self.connection = None
            raise

    def _refuse_a_role_that_bypasses(self):
        superuser, bypasses = self.connection.execute(_FLAGS).fetchone()
        owned = self.connection.execute(_OWNS).fetchone()[0]
        if superuser or bypasses or owned:
            raise ImproperlyConfigured(
                "The database role can bypass the wall between agencies (it is superuser, has "
                "BYPASSRLS or owns tables). Set DATABASE_URL to the app role, peerworks_app."
            )

    def _set_autocommit(self, autocommit):
        # Django's only way into a transaction, wherever it starts: web, worker, command, test.
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        who = acting.get()
        if autocommit or who is NOBODY:
            return
        try:
            with self.wrap_database_errors:
                tell(self.connection, who)
        except BaseException:
            # Django still believes in autocommit: give the connection up.
            self.connection.close()
            raise
