"""Fills what gates look at, for any number of visits, in a fixed number of queries.

`gather` reads everything; from then on the gates are asked without the database.
"""

from billing.gates.facts.drafts import UNSAVED, Visit, VisitDraft
from billing.gates.facts.gathering import Gathered, Held, gather
from billing.gates.facts.notes import from_draft, load_notes
from billing.gates.facts.parts import Part
from billing.gates.facts.places import Packs, Places, load_places
from billing.gates.facts.workers import Workers

__all__ = [
    "UNSAVED",
    "Gathered",
    "Held",
    "Packs",
    "Part",
    "Places",
    "Visit",
    "VisitDraft",
    "Workers",
    "from_draft",
    "gather",
    "load_notes",
    "load_places",
]
