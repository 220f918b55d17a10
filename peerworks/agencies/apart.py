"""Which connection the cache's table is reached by."""


class CacheApart:
    """Sends Django's database cache to `apart`: autocommit, part of no request's transaction."""

    def db_for_read(self, model, **hints):
        """The cache's own model is the only one with an opinion."""
        return "apart" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        """Migrations run on `default`: both are one database."""
        return db == "default"
