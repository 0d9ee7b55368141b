"""How recorded events become journeys: who a person is, where journeys are split, how paths are cleaned.

A workspace has one definition, kept with it; every load follows it. What a definition leaves out is not lost: the rows
as they were recorded stay in the workspace as long as it needs them to be told again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from mining.errors import MappingError
from mining.messages import N_
from mining.recipe import Recipe
from pipeline.identity import Identity
from pipeline.identity.id_table import IdTable, check_fits
from pipeline.store import Session


@dataclass(frozen=True)
class Definition:
    """What stands between recorded events and journeys, in the order in which it is applied.

    Attributes
    ----------
    duplicates : str
        ``"keep"``, or ``"drop"`` rows that equal an earlier one in key, activity, time and all attributes.
    identity : Identity, optional
        How several ids become one person.
    id_table : IdTable, optional
        A file that links ids of one person besides the events; its ids are kept in the workspace.
    session_gap : float, optional
        Seconds of silence after which a new journey of the same key begins.
    start_activity : str, optional
        The activity with which a new journey of the same key begins.
    recipe : Recipe
        How paths are cleaned.
    """

    duplicates: str = "keep"
    identity: Identity | None = None
    session_gap: float | None = None
    start_activity: str | None = None
    recipe: Recipe = field(default_factory=Recipe)
    id_table: IdTable | None = None

    def __post_init__(self) -> None:
        if self.duplicates not in ("keep", "drop"):
            raise MappingError(N_("Duplicates are either `keep` or `drop`, found {found!r}."), found=self.duplicates)
        if self.session_gap is not None and not self.session_gap > 0:
            raise MappingError(N_("The session gap must be longer than nothing; it is {gap} s."), gap=self.session_gap)
        if self.id_table is not None:
            check_fits(self.id_table, self.identity)

    @property
    def splits(self) -> bool:
        """Say whether the events of one key are several journeys."""
        return self.session_gap is not None or self.start_activity is not None

    @property
    def forgets(self) -> bool:
        """Say whether the rows as they were recorded cannot be told from the journeys."""
        return self.duplicates == "drop" or self.identity is not None or bool(self.recipe.steps)

    def as_dict(self) -> dict[str, Any]:
        """Give the definition as plain values."""
        return {
            "duplicates": self.duplicates,
            "identity": None if self.identity is None else self.identity.as_dict(),
            "session_gap": self.session_gap,
            "start_activity": self.start_activity,
            "recipe": self.recipe.as_list(),
            "id_table": None if self.id_table is None else self.id_table.as_dict(),
        }

    def in_words(self) -> str:
        """Name what is defined, for messages."""
        said = []
        if self.identity is not None:
            said.append(f"identity {', '.join(self.identity.columns)}")
        if self.id_table is not None:
            said.append(f"identity table {self.id_table.name}")
        if self.session_gap is not None:
            said.append(f"split at {self.session_gap:g} s")
        if self.start_activity is not None:
            said.append(f"split at {self.start_activity!r}")
        said.append(f"duplicates: {self.duplicates}")
        return "; ".join(said)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Definition:
        """Read what `as_dict` gave.

        Examples
        --------
        >>> Definition.of(Definition(session_gap=60.0).as_dict()) == Definition(session_gap=60.0)
        True
        """
        identity, id_table = values["identity"], values.get("id_table")
        return cls(
            values["duplicates"],
            None if identity is None else Identity.from_dict(identity),
            values["session_gap"],
            values["start_activity"],
            Recipe.of(values["recipe"]),
            None if id_table is None else IdTable.from_dict(id_table),
        )


def kept(db: Session) -> Definition:
    """Give the definition of a workspace."""
    found = db.rows("SELECT value FROM meta WHERE key = 'definition'")
    return Definition.of(json.loads(found[0][0])) if found else Definition()


def keep(db: Session, definition: Definition) -> None:
    """Keep the definition with the workspace."""
    db.execute("DELETE FROM meta WHERE key = 'definition'")
    db.execute(
        "INSERT INTO meta VALUES ('definition', $text)", {"text": json.dumps(definition.as_dict(), ensure_ascii=False)}
    )
