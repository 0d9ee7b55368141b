"""What seems to mean success: told by names in two languages, by place, and by what successful journeys pass."""

from __future__ import annotations

import polars as pl
import pytest

from mining.frames import VARIANTS
from mining.success import likely_goal, passed_before, says_success

NAMES = dict(enumerate(["Look", "Basket", "Payment", "Order confirmed", "Delivery", "Register", "Help"]))


def variants(*paths: tuple[list[int], int]) -> pl.DataFrame:
    rows = [{"variant_id": n, "path": path, "n_journeys": count} for n, (path, count) in enumerate(paths)]
    return pl.DataFrame(rows, schema=VARIANTS.columns)


SHOP = variants(([5, 0], 50), ([0, 1, 2, 3, 4], 20), ([0, 6, 0, 2, 3], 10), ([0, 1], 30))


@pytest.mark.parametrize(
    ("name", "clear"),
    [
        ("Order confirmed", 2),
        ("order_placed", 2),
        ("PaymentReceived", 2),
        ("Registration complete", 2),
        ("Đặt hàng thành công", 2),
        ("Thanh toán hoàn tất", 2),
        ("Xác nhận đơn hàng", 2),
        ("Đã đăng ký", 2),
        ("Payment", 1),
        ("Purchase", 1),
        ("Thanh toán", 1),
        ("Order cancelled", 0),
        ("Payment failed", 0),
        ("Hủy đơn hàng", 0),
        ("Order not confirmed", 0),
        ("Product page", 0),
        ("", 0),
    ],
)
def test_names_tell_of_what_is_done(name: str, clear: int) -> None:
    assert says_success(name) == clear


def test_the_goal_has_the_clearest_name_and_lies_late_in_many_journeys() -> None:
    assert likely_goal(SHOP, NAMES, set(NAMES.values())) == "Order confirmed"
    assert likely_goal(SHOP, NAMES, {"Look", "Payment", "Delivery"}) == "Payment"
    assert likely_goal(SHOP, NAMES, {"Look", "Register"}) is None  # half of all journeys register, and then begin
    rare = variants(([0], 95), ([0, 3], 5))
    assert likely_goal(rare, NAMES, set(NAMES.values())) is None


def test_what_journeys_pass_before_they_get_there_counted_by_hand() -> None:
    """Of 30 journeys with the order, all look and pay, 20 have a basket, 10 ask for help; delivery comes after it."""
    assert passed_before(SHOP, NAMES, "Order confirmed") == {
        "Look": 1.0,
        "Basket": 2 / 3,
        "Payment": 1.0,
        "Help": 1 / 3,
    }
