"""A definition applied to rows as they were recorded: duplicates, persons, journeys, cleaned paths, in this order."""

from __future__ import annotations

from dataclasses import dataclass, field

from mining.errors import MappingError, WorkspaceError
from mining.messages import N_, Message
from pipeline import cleaning, sessions, undated
from pipeline.build import Attribute
from pipeline.definition import Definition
from pipeline.identity import Identity, stitch
from pipeline.identity import id_table as id_tables
from pipeline.identity.id_table import IdTable
from pipeline.store import Session

# What joining ids gives, kept for the report: the table in the workspace and the one of the load.
IDENTITY_TABLES = ("persons", "ids", "merges", "shared", "split")


@dataclass
class Applied:
    """A definition on its way through recorded rows.

    Attributes
    ----------
    db : Session
    meant : Definition
    attributes : list of Attribute
        Those of the rows; cleaning may add one.
    some_undated : bool
        Whether some events have no time although others have.
    new_ids : bool
        Whether the table of ids is given with this change.
    notes : list of Message
        What is worth knowing of what was done.
    """

    db: Session
    meant: Definition
    attributes: list[Attribute]
    some_undated: bool = False
    new_ids: bool = False
    notes: list[Message] = field(default_factory=list)

    @property
    def at(self) -> str:
        """The column by which events are put in order."""
        return "placed_at" if self.some_undated else "time"

    def run(self, rows: str) -> str:
        """Turn recorded rows into those of journeys; gives their relation."""
        for table in IDENTITY_TABLES:
            self.db.execute(f"DROP TABLE IF EXISTS kept_{table}")
        if self.meant.duplicates == "drop":
            rows = self._without_duplicates(rows)
        if self.meant.identity is not None:
            rows = self._stitched(rows, self.meant.identity)
        if self.some_undated:
            self.db.execute(f"CREATE OR REPLACE TEMP VIEW placed AS {undated.placed(self.db, rows)}")
            rows = "placed"
        if self.meant.splits:
            rows = self._split(rows)
        if self.meant.recipe.steps:
            rows, self.attributes = cleaning.clean(self.db, rows, self.meant.recipe, self.attributes, at=self.at)
        return rows

    def _without_duplicates(self, rows: str) -> str:
        """Leave out rows that equal an earlier one in all that is kept of them."""
        same = ", ".join(["key", "activity", "time", *(a.column for a in self.attributes)])
        self.db.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE single AS
            SELECT * FROM {rows} QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY event_no) = 1
            """
        )
        n = self.db.value(f"SELECT (SELECT count(*) FROM {rows}) - (SELECT count(*) FROM single)")
        self.notes.append(Message(N_("{n} rows equal an earlier one and are left out"), n=n))
        return "single"

    def _stitched(self, rows: str, identity: Identity) -> str:
        """Put persons in the place of keys, and keep what was joined on which evidence."""
        columns = {a.name: a.column for a in self.attributes if a.name in identity.columns}
        id_table = self.meant.id_table
        if id_table is None:
            found = stitch(self.db, rows, columns, identity)
        else:
            found = stitch(self.db, rows, columns, identity, table=id_tables.KEPT, table_columns=id_table.places)
            self._check_used(id_table, identity, rows)
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE stitched AS {found.select}")
        for table in IDENTITY_TABLES:
            self.db.execute(f"CREATE TABLE kept_{table} AS FROM identity_{table}")
        self.notes.append(
            Message(
                N_("{n_ids} ids are {n_persons} persons, {n_joined} of them known by several ids"), **found.as_dict()
            )
        )
        if found.n_cut or found.n_split:
            self.notes.append(
                Message(N_("{n_cut} ids that many share join nobody; {n_split} persons were split"), **found.as_dict())
            )
        if found.n_nameless:
            self.notes.append(Message(N_("{n} events name nobody and are left out"), n=found.n_nameless))
        return "stitched"

    def _check_used(self, id_table: IdTable, identity: Identity, rows: str) -> None:
        """Say how many rows of the table name somebody in the log; none is a fault of the file that is being given."""
        n = id_tables.rows_used(self.db, identity)
        if self.new_ids and not n and self.db.value(f"SELECT count(*) FROM {rows}"):
            raise MappingError(
                N_(
                    "No id of {name} is on any event, so it links nothing. Of the events, for example: {log}. Of the "
                    "file: {file}. Check that its columns are those of the log, and that ids are written alike."
                ),
                name=id_table.name,
                log=id_tables.examples(self.db, identity, "n_events"),
                file=id_tables.examples(self.db, identity, "n_rows"),
            )
        self.notes.append(
            Message(
                N_("{name}: {n} of {of} rows that link ids name somebody in the log"),
                name=id_table.name,
                n=n,
                of=id_table.rows,
            )
        )

    def _check_start(self, rows: str) -> None:
        """Say so where no event is the one that journeys are to begin with."""
        start = self.meant.start_activity
        if start is None or self.db.rows(f"SELECT 1 FROM {rows} WHERE activity = $start LIMIT 1", {"start": start}):
            return
        known = [name for (name,) in self.db.rows(f"SELECT activity FROM {rows} GROUP BY 1 ORDER BY count(*) DESC, 1")]
        alike = [name for name in known if name.casefold() == start.casefold()]
        self.notes.append(
            Message(
                N_("No event is called {activity!r}, so no journey begins there. There are: {known}."),
                activity=start,
                known=", ".join((alike or known)[:5]),
            )
        )

    def _split(self, rows: str) -> str:
        """Part the events of one key into journeys."""
        gap = self.meant.session_gap
        if gap is not None and self.db.value(f"SELECT count(time) = 0 AND count(*) > 0 FROM {rows}"):
            raise WorkspaceError(
                N_("The events have no times, so they cannot be split at silences. Split at a start activity instead.")
            )
        self._check_start(rows)
        query = sessions.split_query(rows, gap=gap, start_activity=self.meant.start_activity, at=self.at)
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE split AS {query}")
        return "split"
