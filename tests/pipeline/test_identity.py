"""Several ids of one person: against networkx and against the rule as it is written, on small logs of any shape."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import MappingError
from pipeline.identity import Identity, Stitched, order_of_trust, stitch, usable
from pipeline.identity.components import components
from pipeline.identity.persons import events_query
from pipeline.store import Session, Workspace

COLUMNS = ("card", "email", "phone", "cookie")
Ids = tuple[str | None, ...]
SCHEMA = {"key": pl.String, "activity": pl.String, "time": pl.Datetime("us"), "event_no": pl.UInt64}


@pytest.fixture(scope="module")
def database() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def db(database: Workspace) -> Iterator[Session]:
    with database.change(keep=False) as session:
        yield session


def rule(columns: Sequence[str] = COLUMNS, **options: Any) -> Identity:
    return Identity.of(columns, forms=options.pop("forms", ("exact",) * len(columns)), **options)


def staged(db: Session, events: Sequence[Ids], columns: Sequence[str] = COLUMNS, name: str = "staged") -> None:
    start = datetime(2026, 1, 1)
    rows = [("", "a", start + timedelta(hours=i), i, 0, *ids) for i, ids in enumerate(events)]
    schema = {**SCHEMA, "source_id": pl.UInt32, **dict.fromkeys(columns, pl.String)}
    db.register(f"{name}_frame", pl.DataFrame(rows, schema=schema, orient="row"))
    db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_frame")


def joined(db: Session, events: Sequence[Ids], identity: Identity | None = None, **options: Any) -> Stitched:
    identity = identity or rule()
    staged(db, events, identity.columns)
    return stitch(db, "staged", {c: c for c in identity.columns}, identity, **options)


def persons(db: Session, found: Stitched) -> list[str]:
    """The person of every event, in input order."""
    return [key for (key,) in db.rows(f"SELECT key FROM ({found.select}) ORDER BY event_no")]


def groups(keys: Iterable[Any]) -> set[frozenset[int]]:
    """Which events go together."""
    together = defaultdict(set)
    for i, key in enumerate(keys):
        together[key].add(i)
    return {frozenset(events) for events in together.values()}


# the rule as the page of the decision writes it, one event at a time ---------------------------------------------


def expected(events: Sequence[Ids], identity: Identity) -> list[str]:
    """The person of every event, by loops and networkx."""
    ids = [[(rank, value) for rank, value in enumerate(event) if value] for event in events]
    pairs = Counter(pair for event in ids for pair in itertools.combinations(event, 2))
    beside = defaultdict(set)
    for a, b in pairs:
        beside[b, a[0]].add(a)
        beside[a, b[0]].add(b)
    shared = {
        one
        for (one, rank), others in beside.items()
        if len(others) > (identity.most_trusted if rank < one[0] else identity.most_lesser)
    }
    graph = nx.Graph()
    graph.add_nodes_from(one for event in ids for one in event)
    graph.add_edges_from(pair for pair in pairs if not shared & set(pair))
    for part in [set(part) for part in nx.connected_components(graph)]:
        counts = Counter(rank for rank, _ in part)
        if any(n > identity.most_values for rank, n in counts.items() if rank < len(identity.columns) - 1):
            for one in part:
                above = [other for other in graph[one] if other[0] < one[0]]
                graph.remove_edges_from([(other, one) for other in above])
                if above:
                    graph.add_edge(min(above, key=lambda o: (-pairs[o, one], o)), one, kept=True)
    label = {one: min(part) for part in nx.connected_components(graph) for one in part}
    names = []
    for event in ids:
        rank, value = label[next((one for one in event if one not in shared), event[0])]
        names.append(f"{identity.columns[rank]}:{value}")
    return names


ONE_ID = st.one_of(st.none(), st.sampled_from("abcdefgh"))
EVENTS = st.lists(st.tuples(ONE_ID, ONE_ID, ONE_ID, ONE_ID).filter(any), min_size=1, max_size=40)


@given(events=EVENTS, most_trusted=st.integers(1, 9), most_lesser=st.integers(1, 9), most_values=st.integers(1, 9))
@settings(max_examples=50)
def test_persons_are_those_of_the_rule(
    database: Workspace, events: list[Ids], most_trusted: int, most_lesser: int, most_values: int
) -> None:
    identity = rule(most_trusted=most_trusted, most_lesser=most_lesser, most_values=most_values)
    with database.change(keep=False) as db:
        found = joined(db, events, identity)
        keys = persons(db, found)
        assert keys == expected(events, identity)
        assert found.n_persons == len(set(keys))
        assert found.n_events == len(events)
        whole = expected(events, rule(most_trusted=99, most_lesser=99, most_values=99))
        assert found.n_before == len(set(whole))
        of_whole = defaultdict(set)
        for key, one in zip(keys, whole, strict=True):
            of_whole[one].add(key)
        assert found.n_changed == sum(len(parts) for parts in of_whole.values() if len(parts) > 1)


def test_events_find_their_person_where_hashes_are_alike(db: Session) -> None:
    """Hashes of 64 bits are hardly ever alike: here all of them are made so."""
    events: list[Ids] = [
        ("k", None, None, "a"),
        (None, None, None, "a"),
        (None, "e", None, None),
        (None, None, "e", None),
    ]
    staged(db, events)
    by_hash = persons(db, stitch(db, "staged", {c: c for c in COLUMNS}, rule()))
    db.execute("UPDATE identity_keys SET mark = 0")
    query = events_query(db, "staged", COLUMNS)
    assert [key for (key,) in db.rows(f"SELECT key FROM ({query}) ORDER BY event_no")] == by_hash
    assert by_hash == ["card:k", "card:k", "email:e", "phone:e"]


@given(events=EVENTS, seed=st.integers(0, 10**6))
@settings(max_examples=15)
def test_the_order_of_the_events_does_not_matter(database: Workspace, events: list[Ids], seed: int) -> None:
    identity = rule(most_trusted=2, most_lesser=4, most_values=2)
    order = list(range(len(events)))
    random.Random(seed).shuffle(order)
    with database.change(keep=False) as db:
        one = persons(db, joined(db, events, identity))
        other = persons(db, joined(db, [events[i] for i in order], identity))
    assert [one[i] for i in order] == other


@given(events=EVENTS, more=st.tuples(ONE_ID, ONE_ID, ONE_ID, ONE_ID).filter(any))
@settings(max_examples=15)
def test_another_event_never_splits_a_person(database: Workspace, events: list[Ids], more: Ids) -> None:
    with database.change(keep=False) as db:
        identity = rule(most_trusted=99)
        before = groups(persons(db, joined(db, events, identity)))
        after = groups(persons(db, joined(db, [*events, more], identity)))
    assert all(any(events <= bigger for bigger in after) for events in before)


# components ------------------------------------------------------------------------------------------------------


@given(edges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda e: e[0] != e[1]), max_size=60))
@settings(max_examples=60)
def test_components_are_those_of_networkx(database: Workspace, edges: list[tuple[int, int]]) -> None:
    with database.change(keep=False) as db:
        db.register("edges", pl.DataFrame(edges, schema={"a": pl.UInt32, "b": pl.UInt32}, orient="row"))
        components(db, "edges", "parts")
        found = db.rows("SELECT id, root FROM parts")
    together = defaultdict(set)
    for one, root in found:
        together[root].add(one)
    assert sorted(map(sorted, together.values())) == sorted(map(sorted, nx.connected_components(nx.Graph(edges))))


SIZE = 100_000


@pytest.mark.parametrize(
    ("shape", "order"),
    [
        ("chain", list(range(SIZE))),
        ("shuffled chain", random.Random(1).sample(range(SIZE), SIZE)),
        ("zigzag", [i // 2 if i % 2 == 0 else SIZE - 1 - i // 2 for i in range(SIZE)]),
        ("bits turned round", sorted(range(2**16), key=lambda i: f"{i:016b}"[::-1])),
    ],
)
def test_a_long_chain_takes_few_rounds(db: Session, shape: str, order: list[int]) -> None:
    frame = pl.DataFrame({"a": order[:-1], "b": order[1:]}, schema={"a": pl.UInt32, "b": pl.UInt32})
    db.register("edges", frame)
    assert components(db, "edges", "parts") <= 17
    assert db.rows("SELECT count(*), count(DISTINCT root) FROM parts") == [(len(order), 1)]


def test_stars_and_cliques(db: Session) -> None:
    star = [(f"k{i}", None, None, "tablet") for i in range(5)]
    clique = [(None, f"e{i}", f"p{j}", None) for i in range(4) for j in range(4)]
    assert groups(persons(db, joined(db, star + clique))) == {frozenset(range(5)), frozenset(range(5, 21))}


# what is an id ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["0912345678", "+84912345678", "0084912345678", "84 912.345.678", "912345678", "912345678.0", "+84 (0)912-345-678"],
)
def test_a_phone_number_is_one_however_it_is_written(db: Session, written: str) -> None:
    found = joined(db, [(written, "x"), ("0912 345 678", "y")], rule(("phone", "cookie"), forms=("phone", "exact")))
    assert persons(db, found) == ["phone:84912345678"] * 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+1 415 555 2671", "14155552671"),
        ("0014155552671", "14155552671"),
        ("024 3825 1234", "842438251234"),
        ("0841234567", "84841234567"),
        ("1900 1234", "19001234"),
    ],
)
def test_other_numbers_keep_their_country(db: Session, written: str, read: str) -> None:
    assert persons(db, joined(db, [(written,)], rule(("phone",), forms=("phone",)))) == [f"phone:{read}"]


@pytest.mark.parametrize("nothing", [None, "", "  ", "Unknown", "0", "NULL", "N/A", "anonymous", "Khách Lẻ"])
def test_what_is_no_id_joins_nobody(db: Session, nothing: str | None) -> None:
    identity = rule(("phone", "cookie"), forms=("phone", "exact"))
    found = joined(db, [(nothing, "x"), (nothing, "y"), (nothing, nothing)], identity)
    assert persons(db, found) == ["cookie:x", "cookie:y"]
    assert (found.n_events, found.n_nameless) == (2, 1)
    sql = usable(identity, {"phone": "phone", "cookie": "cookie"})
    assert db.rows(f"SELECT {sql} FROM staged ORDER BY event_no") == [(True,), (True,), (False,)]


@pytest.mark.parametrize("nothing", ["0000000000", "113", "abc", "+84"])
def test_what_cannot_be_dialled_is_no_phone(db: Session, nothing: str) -> None:
    found = joined(db, [(nothing, "x")], rule(("phone", "cookie"), forms=("phone", "exact")))
    assert persons(db, found) == ["cookie:x"]


def test_an_email_is_one_in_any_case_and_a_cookie_is_not(db: Session) -> None:
    identity = rule(("email", "cookie"), forms=("email", "exact"))
    found = joined(db, [("An@X.vn ", None), ("an@x.vn", None), (None, "C"), (None, "c"), (None, "NA")], identity)
    assert persons(db, found) == ["email:an@x.vn", "email:an@x.vn", "cookie:C", "cookie:c", "cookie:NA"]


def test_ids_that_were_read_as_numbers_are_text_again(db: Session) -> None:
    db.execute(
        """
        CREATE OR REPLACE TEMP TABLE numbers AS SELECT '' AS key, TIMESTAMP '2026-01-01' AS time, i AS event_no,
        0 AS source_id, [912345678.0, 5.0][i + 1] AS attr_1, [NULL, 7][i + 1] AS attr_2 FROM range(2) AS r(i)
        """
    )
    identity = rule(("phone", "card"), forms=("phone", "exact"))
    found = stitch(db, "numbers", {"phone": "attr_1", "card": "attr_2"}, identity)
    assert persons(db, found) == ["phone:84912345678", "card:7"]


def test_a_column_that_no_file_has_is_left_out(db: Session) -> None:
    staged(db, [("k", None, None, "c")])
    found = stitch(db, "staged", {"cookie": "cookie"}, rule(("crm", "cookie")))
    assert persons(db, found) == ["cookie:c"]
    with pytest.raises(MappingError, match="None of the columns crm is in the log"):
        stitch(db, "staged", {}, rule(("crm",)))


# what is shown ---------------------------------------------------------------------------------------------------


def test_each_merge_has_its_evidence(db: Session) -> None:
    joined(db, [(None, "a@x.vn", None, "c1"), (None, None, None, "c1"), (None, "a@x.vn", "p", "c1")])
    found = db.frame("SELECT * EXCLUDE (last) FROM identity_merges ORDER BY column_a, value_a, column_b, value_b")
    at = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (0, 2)]
    assert found.drop("person", "n_rows", "source_id").rows() == [
        ("email", "a@x.vn", "cookie", "c1", 2, at[0], 0),
        ("email", "a@x.vn", "phone", "p", 1, at[1], 2),
        ("phone", "p", "cookie", "c1", 1, at[1], 2),
    ]
    assert found["person"].unique().to_list() == ["email:a@x.vn"]
    assert db.rows("SELECT person, n_ids, n_events, shared FROM identity_persons") == [("email:a@x.vn", 3, 3, False)]
    assert len(db.rows('SELECT "column", value, person FROM identity_ids')) == 3


def test_a_shared_tablet_joins_nobody_and_is_shown(db: Session) -> None:
    calls = [(None, f"e{i}@x.vn", None, "tablet") for i in range(6)]
    found = joined(db, [*calls, (None, None, None, "tablet"), (None, "e0@x.vn", None, "own")])
    assert persons(db, found) == [*(f"email:e{i}@x.vn" for i in range(6)), "cookie:tablet", "email:e0@x.vn"]
    assert (found.n_cut, found.n_before, found.n_changed, found.n_joined) == (1, 1, 7, 1)
    assert db.rows("SELECT * FROM identity_shared") == [("cookie", "tablet", "email", 6, 7, 1, 6)]
    assert db.rows("SELECT person FROM identity_persons WHERE shared") == [("cookie:tablet",)]


def test_five_at_one_phone_are_still_one_person(db: Session) -> None:
    found = joined(db, [(None, f"e{i}@x.vn", "p", None) for i in range(5)])
    assert (found.n_persons, found.n_cut) == (1, 0)


def test_an_address_that_everybody_types_joins_nobody(db: Session) -> None:
    found = joined(db, [(None, "test@example.com", None, f"c{i}") for i in range(101)])
    assert (found.n_persons, found.n_cut, found.n_before) == (101, 1, 1)
    assert persons(db, found)[0] == "cookie:c0"


def test_a_chain_of_persons_is_split_where_it_is_weakest(db: Session) -> None:
    """Twelve e-mails in a row, each phone seen twice with one and once with the next: no phone is shared by many."""
    chain: list[Ids] = []
    for i in range(12):
        chain += [(None, f"e{i:02d}", f"p{i:02d}", None)] * 2 + [(None, f"e{i + 1:02d}", f"p{i:02d}", None)]
    found = joined(db, chain)
    assert (found.n_cut, found.n_split, found.n_persons, found.n_before, found.n_changed) == (0, 1, 13, 1, 13)
    assert db.rows("SELECT * FROM identity_split") == [("email:e00", 25, 13, 36)]
    assert {row[0] for row in db.rows("SELECT person FROM identity_ids WHERE value = 'p03'")} == {"email:e03"}


def test_an_identity_table_joins_what_no_event_does(db: Session) -> None:
    db.register("crm_frame", pl.DataFrame({"mail": ["a@x.vn", "z@x.vn"], "tel": ["0912345678", "0999888777"]}))
    db.execute("CREATE OR REPLACE TEMP TABLE crm AS SELECT * FROM crm_frame")
    identity = rule(("email", "phone"), forms=("email", "phone"))
    events: list[Ids] = [("a@x.vn", None), (None, "+84912345678")]
    names = {"email": "mail", "phone": "tel"}
    found = joined(db, events, identity, table="crm", table_columns=names)
    assert persons(db, found) == ["email:a@x.vn"] * 2
    assert (found.n_persons, found.n_ids) == (1, 2)  # who has no event is nobody's journey
    assert db.rows("SELECT n_events, n_rows, event_no FROM identity_merges WHERE value_a = 'a@x.vn'") == [(0, 1, None)]


# the rule itself -------------------------------------------------------------------------------------------------


def test_a_rule_is_kept_and_read_again() -> None:
    identity = Identity.of(["member_no", "E-mail", "Số điện thoại", "ga_client"], most_trusted=3)
    assert identity.forms == ("exact", "email", "phone", "exact")
    assert Identity.from_dict(identity.as_dict()) == identity
    assert Identity.from_dict({**identity.as_dict(), "later": 1}) == identity


def test_columns_are_offered_in_the_order_of_trust() -> None:
    assert order_of_trust(["cookie", "SĐT", "user_email", "ref", "card no"]) == (
        *("card no", "user_email"),
        *("SĐT", "ref", "cookie"),
    )


def test_a_wrong_rule_tells_all_that_is_wrong() -> None:
    with pytest.raises(MappingError) as caught:
        Identity(("a", "a", "a:b"), ("exact", "hash"), most_trusted=0)
    said = str(caught.value)
    for part in ("a is named twice", "3 columns need as many forms, found 2", "hash", "must be at least 1", "alike"):
        assert part in said
