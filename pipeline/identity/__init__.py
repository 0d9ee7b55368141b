"""One person, many ids: the rule by which cookies, phones, e-mails and cards become persons.

The rule is declared (`Identity`) and kept with the workspace, so that a later load follows it too. `stitch` applies it
to staged events; docs/adr/0012-one-person-many-ids.md says why it is as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from mining.errors import MappingError, Problem
from mining.messages import N_, Message
from pipeline.identity.persons import Stitched, join_ids
from pipeline.identity.values import FORMS, NO_IDS, readable, text_of
from pipeline.store import Session, quoted

__all__ = ["Identity", "Stitched", "order_of_trust", "stitch", "usable"]

# What a column is, by its name: the form of its values and its place in the order of trust.
_KINDS = (
    ("exact", r"loyal|member|card|thẻ|crm|customer|khách|khach|account|tài_khoản|tai_khoan|user|person"),
    ("email", r"mail"),
    ("phone", r"phone|mobile|msisdn|zalo|sđt|sdt|điện_thoại|dien_thoai|dienthoai|(^|_)tel(_|$)"),
    ("exact", r"cookie|client|anonymous|device|visitor|browser|gaid|idfa|session|fingerprint"),
)


@dataclass(frozen=True)
class Identity:
    """The rule: which columns name a person, how their values are read, and what is too shared to link.

    Attributes
    ----------
    columns : tuple of str
        The columns, the most trusted first.
    forms : tuple of str
        How the values of each are made comparable: ``"exact"`` (surrounding blanks aside), ``"email"`` (upper and lower
        case alike) or ``"phone"`` (digits alone; ``+84``, ``0084``, ``84`` and a leading 0 are the same).
    country : str
        The calling code of phone numbers that are written with a leading 0.
    no_ids : tuple of str
        Values that are no ids, compared without regard to case.
    most_trusted : int
        A value that stands beside more than so many different values of a more trusted column links nothing: a phone
        with six e-mails is a shared phone.
    most_lesser : int
        A value that stands beside more than so many different values of a less trusted column links nothing: nobody has
        more than a hundred cookies, but ``test@example.com`` has.
    most_values : int
        A person with more than so many values in one column, the least trusted aside, is split again: there, each value
        follows the one more trusted value it was seen with most, and no other.
    """

    columns: tuple[str, ...]
    forms: tuple[str, ...]
    country: str = "84"
    no_ids: tuple[str, ...] = NO_IDS
    most_trusted: int = 5
    most_lesser: int = 100
    most_values: int = 10

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise MappingError(N_("The ids of a person cannot be joined by this rule:"), problems=problems)

    @classmethod
    def of(cls, columns: Sequence[str], **options: Any) -> Identity:
        """Give the rule for some columns, their forms told by their names.

        Examples
        --------
        >>> Identity.of(["card_no", "Email", "SĐT", "cookie"]).forms
        ('exact', 'email', 'phone', 'exact')
        """
        return cls(tuple(columns), options.pop("forms", None) or tuple(_kind(name)[1] for name in columns), **options)

    def as_dict(self) -> dict[str, Any]:
        """Give the rule as plain values for JSON."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Identity:
        """Read what `as_dict` gave; what it does not know is left out."""
        known = {f.name for f in fields(cls)}
        said: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items() if n in known}
        return cls(**said)


def _problems(rule: Identity) -> list[Problem]:
    said = []
    if not rule.columns:
        said.append(Message(N_("No column is named.")))
    for name in sorted({name for name in rule.columns if rule.columns.count(name) > 1}):
        said.append(Message(N_("The column {name} is named twice."), name=name))
    for name, other in ((a, b) for a in rule.columns for b in rule.columns if b.startswith(a + ":")):
        said.append(Message(N_("The columns {name} and {other} would name persons alike."), name=name, other=other))
    if len(rule.forms) != len(rule.columns):
        said.append(Message(N_("{n} columns need as many forms, found {m}."), n=len(rule.columns), m=len(rule.forms)))
    for form in sorted(set(rule.forms) - set(FORMS)):
        said.append(Message(N_("The form {form} is not known: choose {known}."), form=form, known=", ".join(FORMS)))
    if not re.fullmatch(r"\d{1,4}", rule.country):
        said.append(Message(N_("A calling code is one to four digits, found {found}."), found=repr(rule.country)))
    for name in ("most_trusted", "most_lesser", "most_values"):
        if getattr(rule, name) < 1:
            said.append(Message(N_("{name} must be at least 1, found {n}."), name=name, n=getattr(rule, name)))
    return [Problem(message) for message in said]


def _kind(name: str) -> tuple[int, str]:
    """Give the place in the order of trust and the form of a column, by its name; unknown names stand between."""
    words = re.sub(r"[\W_]+", "_", name.casefold())
    for place in (1, 2, 3, 0):  # a "customer_email" is an e-mail, not a customer
        if re.search(_KINDS[place][1], words):
            return place, _KINDS[place][0]
    return 2, "exact"


def order_of_trust(columns: Sequence[str]) -> tuple[str, ...]:
    """Give columns in the order in which their ids are worth trusting, by their names: a proposal, to be confirmed.

    Examples
    --------
    >>> order_of_trust(["cookie_id", "phone", "email", "loyalty_card"])
    ('loyalty_card', 'email', 'phone', 'cookie_id')
    """
    return tuple(sorted(columns, key=lambda name: _kind(name)[0]))


def usable(identity: Identity, columns: Mapping[str, str]) -> str:
    """Give the SQL of whether a row names anybody; where it is false, the row has no journey.

    Parameters
    ----------
    identity : Identity
    columns : mapping of str to str
        The SQL of each identity column as text. A column that is not in it is empty.
    """
    tests = [
        f"{readable(columns[name], form, identity.country, identity.no_ids)} IS NOT NULL"
        for name, form in zip(identity.columns, identity.forms, strict=True)
        if name in columns
    ]
    return "(" + " OR ".join(tests) + ")" if tests else "false"


def stitch(
    db: Session,
    staged: str,
    columns: Mapping[str, str],
    identity: Identity,
    *,
    table: str | None = None,
    table_columns: Mapping[str, str] | None = None,
) -> Stitched:
    """Join the ids of persons, from events that carry several of them and from an identity table.

    Parameters
    ----------
    db : Session
        The temporary tables and views ``identity_...`` are made in it; see `Stitched`.
    staged : str
        The relation of events: ``key, activity, time, event_no, source_id`` and attributes.
    columns : mapping of str to str
        The column of `staged` that holds each identity column. One that no file has is left out.
    identity : Identity
        The rule.
    table : str, optional
        A relation whose rows each hold ids of one person, such as an export of a CRM.
    table_columns : mapping of str to str, optional
        The column of `table` that holds each identity column; by default the one of its name.

    Returns
    -------
    Stitched

    Raises
    ------
    MappingError
        When neither the events nor the table have an identity column.
    """
    types = _types(db, staged)
    given = [text_of(columns[c], types[columns[c]]) if c in columns else None for c in identity.columns]
    if not any(given):
        raise MappingError(
            N_("None of the columns {columns} is in the log, so its events name nobody."),
            columns=", ".join(identity.columns),
        )
    rows = None
    if table is not None:
        found = _types(db, table)
        names = table_columns or {c: c for c in identity.columns if c in found}
        rows = [text_of(names[c], found[names[c]]) if c in names else None for c in identity.columns]
    return join_ids(db, identity, quoted(staged), given, quoted(table) if table else None, rows)


def _types(db: Session, relation: str) -> dict[str, str]:
    return dict(db.rows(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {quoted(relation)})"))
