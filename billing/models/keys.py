"""What the tables of billing have in common: who did it, whom it is about, and what is final."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import Guard, KeyTarget, SqlConstraint
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.participants.records import MadeByForm, once_per_form


def by(label, **options):
    """A key to the member who did something. Name it in `same_agency`, too."""
    return models.ForeignKey(
        "accounts.Membership",
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        **options,
    )


def participant(**options):
    """A key to the person that a row is about, so that the seal reaches it."""
    return models.ForeignKey(
        "participants.Participant",
        verbose_name=_("participant"),
        on_delete=models.PROTECT,
        **{"related_name": "+", **options},
    )


class Recorded(AgencyOwned, MadeByForm):
    """Base of records that a form makes: owned, once a form, with who made them."""

    class Meta(AgencyOwned.Meta):
        abstract = True
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("created_by"),
            once_per_form(),
        ]


class SameKey(SqlConstraint):
    """A composite key `(own, field)` to `(theirs, id)`: the row and its target agree on `own`.

    By default on the person: what hangs on a note is about the note's participant, so no row can
    slip out under the seal. Also "the version in force is one of this note's own". The target needs
    its unique `(theirs, id)`; the statement waits for the end of the migration.
    """

    code = "same_key"
    sentence = _("These two records do not belong together.")
    parameters = ("field", "own", "theirs")
    field: str
    own: str
    theirs: str

    def __init__(
        self, *, name, field, own="participant", theirs="participant", violation_error_message=None
    ):
        super().__init__(
            name=name,
            violation_error_message=violation_error_message,
            field=field,
            own=own,
            theirs=theirs,
        )

    def _create(self, model, schema_editor):
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = field.remote_field.model
        return (
            "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({own}, {column}) "
            "REFERENCES {target} ({theirs}, id) DEFERRABLE INITIALLY IMMEDIATE;"
        ).format(
            **self._names(model, schema_editor),
            own=quote(model._meta.get_field(self.own).column),
            column=quote(field.column),
            target=quote(target._meta.db_table),
            theirs=quote(target._meta.get_field(self.theirs).column),
        )

    def create_sql(self, model, schema_editor):
        """Defer, and say nothing now."""
        schema_editor.deferred_sql.append(self._create(model, schema_editor))
        return ""

    def _remove(self, model, schema_editor):
        return "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};".format(
            **self._names(model, schema_editor)
        )


def same_person(*fields):
    """These keys lead to rows about the same participant as this row."""
    return [
        SameKey(field=field, name=f"%(app_label)s_%(class)s_{field}_person") for field in fields
    ]


def by_person():
    """The target of `same_person`: unique `(participant, id)`."""
    return KeyTarget(
        fields=["participant", "id"],
        name="%(app_label)s_%(class)s_by_person",
        violation_error_message=_("This record is there already."),
    )


class FinalWith(Guard):
    """Rows that are final as soon as their parent is: nothing is added, changed or removed.

    `field` is the key to the parent and `column` the parent's column that makes it final; `but`
    names columns that may still move. So parts are written before the whole is signed, also in bulk.
    """

    code = "final_with"
    function = "peerworks_refuse_change_with_parent"
    events = "INSERT OR UPDATE OR DELETE"
    sentence = _("This is signed and never changes; open a new version to correct it.")
    parameters = ("field", "column", "but")
    field: str
    column: str
    but: tuple[str, ...]

    def __init__(self, *, name, field, column, but=(), violation_error_message=None):
        super().__init__(
            name=name,
            violation_error_message=violation_error_message,
            field=field,
            column=column,
            but=tuple(but),
        )

    def _create(self, model, schema_editor):
        self.parent = model._meta.get_field(self.field)
        return super()._create(model, schema_editor)

    def _arguments(self):
        target = self.parent.remote_field.model._meta.db_table
        return (self.parent.column, self.column, target, *self.but)
