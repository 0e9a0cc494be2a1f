"""One shop with some weeks behind it, the same to the last digit each time: what pictures of screens are taken of."""

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catalog.units import Fen, Grams, Points
from pos.core.campaigns import Campaign
from pos.core.closing import Closing
from pos.core.disputes import Compared, Dispute
from pos.core.entries import Signatures
from pos.core.freezing import FreezeReason
from pos.core.fund import Source
from pos.core.limits import Policy
from pos.core.reversal import ReversalReason
from pos.core.stock import LossReason
from pos.core.store_policy import StorePolicy, Tier
from pos.counter import (
    award_files,
    buyers,
    campaigns,
    cards,
    day,
    disputes,
    freezing,
    fund,
    lists,
    new_goods,
    policy,
    receiving,
    redeem,
    reverse,
    stock,
)
from pos.counter import journal as journals
from pos.counter.lists import Kind
from pos.counter.new_goods import NewGood
from pos.counter.weigh_in import weigh_in
from pos.storage import keys
from pos.storage.buyers import FOREVER, Buyer, Contract
from tests import shop
from tests.counter.stockroom import bought, salt, with_supplier
from tests.counter.village_policy import offer, wanting
from tests.shop import AUDITOR, Shop, counted, typed, weighed

DEALER = Buyer("b1", "柳河再生资源", "黑A12345", "0000-2222222", "", "dealer")
COLLECTOR = Buyer("c1", "县固废中心", "", "", "HZ-17", "collector")
TODAY = date(2026, 3, 6)
_DAY_MS = 86_400_000
_DAYS = 5
"""Days that were closed, ten days apart; then it is `TODAY`."""
NOW = shop.START + 10 * _DAYS * _DAY_MS
"""Wall clock of `TODAY`, in milliseconds."""

_BATCH = "batch,2026-03-a\nperiod,2026-03\ntitle,三月考评\ntotal,22\nhousehold,points\n0042,12\n0002,10\n"
_FAULTY = "batch,2026-03-b\nperiod,2026-03\ntitle,三月补评\ntotal,99\nhousehold,points\n0042,12\n9999,1.005\n"


class _Even(random.Random):
    """Randomness that comes out the same each time, by the names of `secrets`."""

    def token_bytes(self, many: int) -> bytes:
        """So many bytes."""
        return self.randbytes(many)

    def token_hex(self, many: int) -> str:
        """So many bytes in hex."""
        return self.randbytes(many).hex()

    def randbelow(self, end: int) -> int:
        """A number below `end`."""
        return self.randrange(end)


class _SameKey:
    """Makes one and the same signing key."""

    from_private_bytes = Ed25519PrivateKey.from_private_bytes

    @staticmethod
    def generate() -> Ed25519PrivateKey:
        """It."""
        return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def evenly(patch: pytest.MonkeyPatch) -> None:
    """Let nothing that the store draws be random any more."""
    patch.setattr(keys, "secrets", _Even(7))
    patch.setattr(keys, "Ed25519PrivateKey", _SameKey)


@cache
def template() -> Path:
    """Its folder, made once a worker; copy it, never open it."""
    folder = Path(tempfile.mkdtemp(prefix="lived-in-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        evenly(patch)
        shutil.copytree(shop.template.__wrapped__(), folder, dirs_exist_ok=True)
        here = shop.reopened(folder)
        _live(here)
        here.close()
    return folder


def at_noon(prepare: Callable[[Shop], object] | None = None) -> Callable[[Shop], None]:
    """`prepare` for a till on a copy of it: the clock stands on the day that is open."""

    def set_clock(here: Shop) -> None:
        here.clock.wall = NOW
        if prepare is not None:
            prepare(here)

    return set_clock


def _live(here: Shop) -> None:
    """Weeks of serving, and on the last day one of everything that a list may show."""
    desk = here.desk
    offer(here)
    policy.publish(desk, here.two, date(2026, 1, 15), StorePolicy(tiers=(Tier(Points(100_00), 5),)))
    for each in (DEALER, COLLECTOR):
        buyers.save(desk, here.by, each)
    buyers.agree(desk, here.two, Contract("b1", "p01", date(2026, 1, 1), FOREVER, 125))
    day.open_day(desk, here.by)
    with_supplier(here)
    for _ in range(_DAYS):
        _serve(here)
        day.close_day(desk, here.two, Closing(counted=Fen(0), cash_reason="unknown"))
        here.clock.advance(10 * _DAY_MS)
        day.open_day(desk, here.by)
    _serve(here)
    weigh_in(desk, here.by, here.bag(counted("h01", 60)))
    waiting = replace(desk, weighing=Policy(wait=True))
    weigh_in(waiting, here.by, here.bag(weighed("p01", 6_000), of="0006"))
    redeem.redeem(desk, here.by, wanting(here, "v01", "v11", slot=TODAY))
    fund.into_drawer(desk, here.by, Source.VILLAGE, Fen(50_00))
    new_goods.propose(desk, here.by, NewGood("毛巾", "条", Fen(6_54), "6900000000015"))
    campaigns.begin(
        desk, here.two, Campaign("pest", "春耕药瓶回收", TODAY, date(2026, 3, 20), Points(20_00)), Points(500_00)
    )
    case = Dispute(here.household("0042"), None, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.FAIR_SCALE)
    disputes.record(desk, here.by, case)
    freezing.freeze(desk, Signatures(AUDITOR), "g:g005", FreezeReason.EXPIRED)
    cards.report_lost(desk, here.by, here.cards["0002"].number)
    _files(here)


def _serve(here: Shop) -> None:
    """A day's work: weigh-ins, sales, one taken back, goods in, money given, some written off."""
    desk = here.desk
    weigh_in(desk, here.by, here.bag())
    weigh_in(desk, here.two, here.bag(typed("p01", 5_000), of="0002"))
    redeem.redeem(desk, here.by, here.basket({"g001": 2, "g013": 1}))
    wrong = redeem.redeem(desk, here.by, here.basket({"g017": 2}, of="0002"))
    reverse.reverse(desk, here.two, journals.number_of(wrong), ReversalReason.WRONG_ITEM)
    receiving.receive(desk, here.by, bought(salt(packs=1, pack_of=2), slip=f"yd-{desk.today():%m%d}"))
    fund.income(desk, here.by, Source.DONATION, Fen(50_00), "钱先生")
    fund.income(desk, here.by, Source.VILLAGE, Fen(100_00), "村委会")
    lot = next(each for each in stock.on_shelf(desk) if each.good == "g001")
    stock.write_off(desk, here.two, lot, 1, LossReason.DAMAGED)


def _files(here: Shop) -> None:
    """Award files and a list that wait to be looked at; one batch was posted."""
    awards, waiting = here.folder / "awards", here.folder / "lists"
    for folder, name, text in ((awards, "三月考评.csv", _BATCH), (awards, "三月补评.csv", _FAULTY)):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    award_files.post(here.desk, here.two, award_files.dry_run(here.desk, awards / "三月考评.csv").file)
    waiting.mkdir(exist_ok=True)
    lists.export(here.desk, here.by, Kind.GOODS, waiting / "goods.csv")
    text = (waiting / "goods.csv").read_text(encoding="utf-8-sig")
    (waiting / "goods.csv").write_text(text.replace("食盐 400g", "加碘食盐 400g"), encoding="utf-8")
