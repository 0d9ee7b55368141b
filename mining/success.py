"""What a log tells of success before there is a plan: the activity that seems to mean it, and what comes before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

import polars as pl

from mining.lookalikes import without_accents

__all__ = ["likely_goal", "passed_before", "says_success"]

OFTEN = 0.1  # of the journeys have what may mean success
LATE = 0.5  # of a journey lies behind it, on average
DEALS = (
    r"\b(orders?|purchases?|payments?|bookings?|reservations?|subscriptions?|contracts?|registrations?|sign ?up"
    r"|enrol\w*|checkout|don hang|dat hang|mua hang|thanh toan|dat cho|dat ve|hop dong|dang ky|ghi danh)\b"
)
DONE = (
    r"\b(confirm\w*|complet\w*|succe\w*|placed|paid|done|finish\w*|received|approved|signed|accepted"
    r"|thanh cong|hoan tat|hoan thanh|xac nhan|da)\b"
)
DEEDS = r"\b(purchased?|ordered|paid|bought|buys?|payment|booked|subscribed|registered|enrolled|mua|da mua|tra tien)\b"
UNDONE = (
    r"\b(cancel\w*|lost|fail\w*|abandon\w*|return\w*|refund\w*|reject\w*|declin\w*|error|start\w*|begin|open\w*|view\w*|remind\w*"
    r"|pending|not|un\w+|huy|that bai|loi|hoan tien|tra hang|bat dau|nhac|cho|khong|chua)\b"
)


def likely_goal(variants: pl.DataFrame, names: Mapping[int, str], among: Collection[str]) -> str | None:
    """Give the activity that by its name, and its place late in many journeys, seems to mean success.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    names : mapping of int to str
        Activities by code.
    among : collection of str
        The activities that may be it.

    Returns
    -------
    str or None
        Of those with the clearest names the one that most journeys have; None where no name tells.
    """
    clear = {code: n for code, name in names.items() if name in among and (n := says_success(name))}
    if not clear:
        return None
    places = (
        _steps(variants)
        .filter(pl.col("activity").is_in(list(clear)))
        .group_by("variant_id", "activity")
        .agg(pl.first("n_journeys"), place=(pl.max("position") + 1) / pl.first("length"))
        .group_by("activity")
        .agg(n=pl.sum("n_journeys"), late=(pl.col("place") * pl.col("n_journeys")).sum() / pl.sum("n_journeys"))
        .filter(pl.col("n") >= OFTEN * int(variants["n_journeys"].sum()), pl.col("late") > LATE)
    )
    found = [(clear[code], n, names[code]) for code, n, _late in places.iter_rows()]
    return max(found, key=lambda one: (one[0], one[1], one[2]))[2] if found else None


def says_success(name: str) -> int:
    """Say how clearly a name tells of an order, a purchase, a payment or a registration that is done: 0, 1 or 2.

    Examples
    --------
    >>> [says_success(name) for name in ("Order confirmed", "Đặt hàng thành công", "Payment", "Order lost", "Look")]
    [2, 2, 1, 0, 0]
    """
    plain = _plain(name)
    if re.search(UNDONE, plain):
        return 0
    if re.search(DEALS, plain) and re.search(DONE, plain):
        return 2
    return int(bool(re.search(DEEDS, plain) or re.search(r"\b(thanh toan|dat hang|mua hang)\b", plain)))


def _plain(name: str) -> str:
    """Give a name as small words without accents: ``OrderPlaced`` and ``order_placed`` are ``order placed``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", unicodedata.normalize("NFC", name))
    return without_accents(parted.casefold()).strip()


def passed_before(variants: pl.DataFrame, names: Mapping[int, str], goal: str) -> dict[str, float]:
    """Give, of the journeys that have an activity, the share that has each other one before it.

    Parameters
    ----------
    variants : frame
        In the shape `mining.frames.VARIANTS`.
    names : mapping of int to str
        Activities by code.
    goal : str
        The activity.
    """
    steps = _steps(variants)
    codes = [code for code, name in names.items() if name == goal]
    ends = steps.filter(pl.col("activity").is_in(codes)).group_by("variant_id").agg(end=pl.min("position"))
    there = variants.join(ends, on="variant_id", how="semi")["n_journeys"].sum()
    before = (
        steps.join(ends, on="variant_id")
        .filter(pl.col("position") < pl.col("end"))
        .unique(["variant_id", "activity"])
        .group_by("activity")
        .agg(pl.sum("n_journeys"))
    )
    return {names[code]: n / there for code, n in before.iter_rows()}


def _steps(variants: pl.DataFrame) -> pl.DataFrame:
    """One row per event of each variant: variant_id, n_journeys, length, activity, position."""
    length = pl.col("path").list.len().cast(pl.Int64)
    return variants.select(
        "variant_id", "n_journeys", length=length, activity="path", position=pl.int_ranges(0, length)
    ).explode("activity", "position")
