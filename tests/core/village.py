"""A village to decide tickets in: prices, scales and goods of the worked examples, and transfers as readable lines."""

from collections.abc import Iterable, Mapping
from datetime import date

from catalog.goods import Good, Lot, Service
from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, GoodPrice, PriceBook, Terms
from catalog.units import Fen, Grams, Points
from pos.core import accounts, limits, redemption, weigh_in
from pos.core.accounts import FRACTION, LEDGER, POINTS
from pos.core.cards import ReadAs
from pos.core.redemption import Discount, PickedGood, Shortfall
from pos.core.scales import Evidence, Policy, ScaleFacts, judge
from pos.core.transfers import Books, Key, Transfer
from pos.core.weigh_in import CountedDraft, LineDraft, Payout, TareFrom, WeighedDraft

D = "k7q2md.0"
"""The writer of the store's own accounts."""
H = "9901011012000042"
CARD = "012345678925"

FINE = Terms(date(2026, 1, 1), 100, Points(1))
WHOLE = Terms(date(2026, 1, 1), 100, Points(100))

MATERIALS: dict[str, tuple[Material, ByWeight | ByPiece | EveryPieces]] = {
    "p01": (Material("p01", "黄板纸", ScaleClass.FLOOR, Grams(0), False, ""), ByWeight(100)),
    "l01": (Material("l01", "PET", ScaleClass.COUNTER, Grams(0), False, ""), ByWeight(240)),
    "m01": (Material("m01", "铁", ScaleClass.FLOOR, Grams(0), False, ""), ByWeight(160)),
    "m04": (Material("m04", "铜", ScaleClass.COUNTER, Grams(0), False, ""), ByWeight(4_500)),
    "h01": (Material("h01", "废电池", ScaleClass.COUNT, Grams(0), True, ""), ByPiece(10)),
    "s03": (Material("s03", "小塑料瓶", ScaleClass.COUNT, Grams(0), False, ""), EveryPieces(35)),
}
_FLOOR = ScaleFacts("floor", ScaleClass.FLOOR, Grams(1_000), Grams(150_000), Grams(50))
_COUNTER = ScaleFacts("counter", ScaleClass.COUNTER, Grams(200), Grams(30_000), Grams(10))
SCALES = {each.name: judge(each, date(2026, 1, 15), Policy(), None) for each in (_FLOOR, _COUNTER)}
GOODS = {"salt": 200, "soap": 2_000, "tissue": 1_000, "oil": 6_500}
SERVICES = {"haircut": Service("haircut", "理发", "barber", 1_200)}
BOOK = PriceBook(
    7,
    date(2026, 1, 1),
    {code: GoodPrice(Points(points), Fen(points)) for code, points in GOODS.items()},
    {code: price for code, (_, price) in MATERIALS.items()},
    {"haircut": Points(1_500)},
)


def load(
    material: str,
    gross: int,
    tare: int = 0,
    *,
    deduction: int = 0,
    scale: str = "",
    tare_from: TareFrom = TareFrom.SCALE,
    criterion: str = "flag",
) -> WeighedDraft:
    """A weighed line in grams, on the scale its material asks for."""
    name = scale or MATERIALS[material][0].scale.value
    evidence = Evidence(name, criterion, "53542c", 1)
    return WeighedDraft(material, Grams(gross), Grams(tare), tare_from, deduction, "wet" if deduction else "", evidence)


def bag(*lines: LineDraft, payout: Payout = Payout.POINTS) -> weigh_in.Draft:
    """A weigh-in ticket of household `H`."""
    return weigh_in.Draft(H, CARD, ReadAs.SIGNED, lines, payout)


def counted(material: str, pieces: int) -> CountedDraft:
    """A counted line."""
    return CountedDraft(material, pieces)


def weigh_rules(terms: Terms = FINE) -> weigh_in.Rules:
    """What the village judges a weigh-in by."""
    materials = {code: material for code, (material, _) in MATERIALS.items()}
    return weigh_in.Rules(materials, SCALES, BOOK, terms, limits.Policy(cash=True))


def basket(goods: Mapping[str, int], shortfall: Shortfall = Shortfall.REFUSE) -> redemption.Draft:
    """A redemption ticket of household `H`."""
    lines = tuple(PickedGood(good, quantity) for good, quantity in goods.items())
    return redemption.Draft(H, CARD, ReadAs.SIGNED, lines, shortfall)


def lot(good: str, on_hand: int, *, owner: str = "village", name: str = "0", cost: int = 0) -> Lot:
    """Pieces on the shelf."""
    return Lot(accounts.PLACE, owner, name, good, None, cost, on_hand)


def redeem_rules(
    terms: Terms = FINE,
    lots: Iterable[Lot] | None = None,
    discount: Discount | None = None,
    limits: Mapping[str, int] | None = None,
    taken: Mapping[str, int] | None = None,
) -> redemption.Rules:
    """What the village judges a redemption by; 30 of each good on the shelf when nothing is said."""
    shelf: dict[str, list[Lot]] = {}
    for each in lots if lots is not None else [lot(good, 30) for good in GOODS]:
        shelf.setdefault(each.good, []).append(each)
    goods = {code: Good(code, code, "件", (), "", (limits or {}).get(code)) for code in GOODS}
    return redemption.Rules(goods, BOOK, terms, shelf, taken or {}, discount, SERVICES)


def books(keeper: str = D, **held: int) -> Books:
    """Books in which `H` holds so many `pts`, `pend`, `debt`, `carry` (fen); the shelf and drawer are filled."""
    balances: dict[Key, int] = {
        (accounts.Account(kind, H, keeper), FRACTION if kind == "carry" else POINTS): amount
        for kind, amount in held.items()
    }
    if keeper != LEDGER:
        balances |= {(accounts.stock("village", "0", keeper), f"g:{good}"): 30 for good in GOODS}
        balances[accounts.drawer(keeper), accounts.CASH] = 10_000
    return Books(keeper, balances)


def shown(transfers: Iterable[Transfer], by: str = D) -> list[str]:
    """Transfers as lines to compare: `source > destination commodity quantity`, the writer `by` left out."""
    return [f"{t.source} > {t.destination} {t.commodity} {t.quantity}".replace(f"@{by}", "") for t in transfers]
