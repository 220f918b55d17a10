"""Which connection the cache's table and the counts of tries are reached by."""

#: By label, since the model lies above.
COUNTS = "accounts.RateLimit"


class CacheApart:
    """Sends Django's database cache and `RateLimit` to `apart`: autocommit, part of no request's transaction."""

    def db_for_read(self, model, **hints):
        """Only these two have an opinion."""
        is_apart = model._meta.app_label == "django_cache" or model._meta.label == COUNTS
        return "apart" if is_apart else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        """Migrations run on `default`: both are one database."""
        return db == "default"
