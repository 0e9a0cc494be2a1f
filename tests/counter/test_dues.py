"""What each party is owed: suppliers when goods come in, a keeper when their own ones are taken."""

from catalog.units import Fen
from pos.core.reversal import ReversalReason
from pos.counter import dues, receiving, redeem
from pos.counter.dues import Owed
from pos.counter.reverse import reverse
from tests.counter.stockroom import bought, with_supplier
from tests.shop import KEEPERS_OWN, Shop
from tests.storage.busy import seq_of


def test_every_party_that_is_owed(shop: Shop) -> None:
    assert dues.owed(shop.desk) == []
    receiving.receive(with_supplier(shop).desk, shop.by, bought())
    sold = redeem.redeem(shop.desk, shop.by, shop.basket({KEEPERS_OWN: 3}, of="0002"))
    assert dues.owed(shop.desk) == [Owed("coop", "供销社", Fen(64_00)), Owed("k-02", "", Fen(6_90))]
    reverse(shop.desk, shop.by, seq_of(sold.slip.number), ReversalReason.CHANGED_MIND)
    assert dues.owed(shop.desk) == [Owed("coop", "供销社", Fen(64_00))]
