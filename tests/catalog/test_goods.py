"""In what order lots leave the shelf."""

from datetime import date

from catalog.goods import Lot, first_out


def lot(name: str, owner: str, expiry: date | None) -> Lot:
    return Lot("shop", owner, name, "g001", expiry, 0, 1)


def test_expiry_then_owner_then_age() -> None:
    soon, late = date(2026, 3, 1), date(2027, 3, 1)
    order = [
        lot("0-12-1", "k-02", soon),
        lot("0", "donated", late),
        lot("0-9-1", "village", late),
        lot("0-10-1", "village", late),
        lot("1-2-1", "village", late),
        lot("0-3-1", "k-02", late),
        lot("0-1-1", "donated", None),
    ]
    assert first_out(order[::-1]) == order
