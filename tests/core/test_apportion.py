"""How a household's points are shared out between the places that may hold them: a table."""

import pytest

from catalog.units import Points
from pos.core.rights import Place, Share, apportion

CAP = 100


def home(held: int, told: int | None = CAP, room: int | None = None) -> Place:
    """The home store, which wants everything up to the cap."""
    return Place("home.1", held, CAP, told, room)


def away(held: int, wanted: int, told: int | None = None) -> Place:
    """A store that asked."""
    return Place("away.1", held, wanted, told, asks=True)


def to(writer: str, points: int, target: int) -> Share:
    """What a place is told."""
    return Share(f"{writer}.1", Points(points), Points(target))


@pytest.mark.parametrize(
    ("places", "free", "owed", "expected"),
    [
        pytest.param([home(0, None)], 30, 0, [to("home", 30, CAP)], id="the home store gets what there is"),
        pytest.param([home(90)], 30, 0, [to("home", 10, CAP)], id="up to the cap"),
        pytest.param([home(30)], 0, 0, [], id="nothing to say"),
        pytest.param([home(30, None)], 0, 0, [], id="who was told nothing keeps what it has"),
        pytest.param([home(130, None)], 0, 0, [to("home", 0, CAP)], id="unless it is too much"),
        pytest.param([home(0, room=5)], 30, 0, [to("home", 5, CAP)], id="its certificate's room"),
        pytest.param([away(0, 20), home(0)], 30, 0, [to("away", 20, 20), to("home", 10, CAP)], id="who asks first"),
        pytest.param([away(0, 20), home(50)], 0, 0, [to("home", 0, 30)], id="fetched from home"),
        pytest.param([away(0, 20), home(50)], 5, 0, [to("away", 5, 20), to("home", 0, 35)], id="fetched in part"),
        pytest.param([away(0, 20), home(8)], 0, 0, [to("home", 0, 0)], id="all there is, and what is earned"),
        pytest.param([away(0, 20), home(8, 0)], 0, 0, [], id="which was told before"),
        pytest.param([home(50, 30)], 0, 0, [to("home", 0, CAP)], id="back to the cap when nobody asks any more"),
        pytest.param([home(50)], 0, 20, [to("home", 0, 30)], id="a debt is fetched"),
        pytest.param([away(20, 0, 20), home(5)], 0, 15, [to("away", 0, 0)], id="not twice: a visit's rest comes back"),
        pytest.param([Place("old.1", 9, 0), home(0)], 0, 0, [to("old", 0, 0)], id="what was earned elsewhere"),
    ],
)
def test_shares(places: list[Place], free: int, owed: int, expected: list[Share]) -> None:
    assert apportion(places, free, owed) == expected
