"""What labels and boards say: every good and material with its price on a date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog.goods import Good
from catalog.materials import Material
from catalog.prices import GoodPrice, MaterialPrice
from pos.core.local_time import local_date
from pos.core.refusals import GoodUnknown
from pos.counter.desk import Desk
from pos.storage import catalogue


@dataclass(frozen=True, slots=True)
class PriceList:
    """The price book in force on a date, with what it prices; what has no price there is left out."""

    store: str
    telephone: str
    version: int
    effective: date
    fen_per_point: int
    goods: tuple[tuple[Good, GoodPrice], ...]
    materials: tuple[tuple[Material, MaterialPrice], ...]

    def only(self, words: Sequence[str]) -> "PriceList":
        """The goods with these codes or barcodes alone. Raises `GoodUnknown`."""
        picked = []
        for word in words:
            found = [pair for pair in self.goods if word == pair[0].code or word in pair[0].barcodes]
            if not found:
                raise GoodUnknown(text=word)
            picked += found
        return replace(self, goods=tuple(picked))


def price_list(desk: Desk, on: date | None = None) -> PriceList:
    """The prices in force on a date, today if none is given. Raises `PriceMissing` where there are none yet."""
    identity = desk.store.identity
    on = on or local_date(desk.clock.wall(), identity.utc_offset_minutes)
    with desk.store.read() as connection:
        version = catalogue.book_in_force(connection, on)
        good_prices = catalogue.good_prices(connection, version)
        material_prices = catalogue.material_prices(connection, version)
        return PriceList(
            identity.name,
            identity.telephone,
            version,
            catalogue.book_dates(connection)[version],
            catalogue.terms_in_force(connection, on).fen_per_point,
            tuple(
                (good, good_prices[good.code]) for good in catalogue.all_goods(connection) if good.code in good_prices
            ),
            tuple(
                (material, material_prices[code])
                for code, material in catalogue.materials(connection).items()
                if code in material_prices
            ),
        )
