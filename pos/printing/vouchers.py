"""What comes out behind a redemption's receipt, each on a paper of its own: service vouchers and the store's copy."""

from drivers.printer.document import Align, Barcode, Block, Cut, Feed, Qr, Row, Rule, Size, Text
from pos.core.receipts import GoodFact, RedeemFacts, Slip, VoucherFact
from pos.i18n import Words
from pos.printing.figures import plain, signed
from pos.printing.lines import pair, single


def lines(facts: RedeemFacts) -> tuple[GoodFact, ...]:
    """Goods and services as the receipt lists them."""
    served = (GoodFact(each.name, 1, each.unit, each.points, each.points) for each in facts.vouchers)
    return (*facts.lines, *served)


def cash_lines(facts: RedeemFacts, words: Words) -> list[Row]:
    """Money that lay on the counter, and what went back of it."""
    if not facts.given:
        return []
    return [
        pair(words("receipt.given"), words("receipt.money", yuan=plain(facts.given))),
        pair(words("receipt.change"), words("receipt.money", yuan=plain(facts.given - facts.cash)), bold=True),
    ]


def news(slip: Slip, words: Words) -> list[Block]:
    """Awards that the household has not been told of."""
    return [pair(each.title, words("receipt.points", points=signed(each.points)), bold=True) for each in slip.news]


def papers(facts: RedeemFacts, slip: Slip, words: Words, mark: list[Block]) -> list[Block]:
    """The vouchers, each cut off by itself; `mark` is what stands on a copy."""
    return [block for each in facts.vouchers for block in _voucher(each, slip, words, mark)]


def stub(head: list[Block], body: list[Block], words: Words, mark: list[Block]) -> list[Block]:
    """The store's own copy, which the collector signs."""
    signed: list[Block] = [
        single(words("receipt.signature")),
        Feed(2),
        Rule(),
        Text(words("receipt.store-copy"), Align.CENTRE),
    ]
    return [*mark, *head, Rule(), *body, Rule(), *signed, *mark, Cut()]


def _voucher(voucher: VoucherFact, slip: Slip, words: Words, mark: list[Block]) -> list[Block]:
    person = " ".join(part for part in (slip.household, slip.household_name) if part)
    booked: list[Block] = [pair(words("voucher.slot"), voucher.slot.isoformat(), bold=True)] if voucher.slot else []
    until: list[Block] = [] if voucher.slot else [pair(words("voucher.until"), voucher.until.isoformat(), bold=True)]
    return [
        *mark,
        Text(slip.store_name, Align.CENTRE, bold=True),
        Text(words("voucher.title"), Align.CENTRE),
        Text(voucher.name, Align.CENTRE, bold=True, size=Size.TALL),
        pair(words("voucher.provider"), voucher.provider),
        *booked,
        *until,
        pair(words("receipt.household", household=person), slip.group),
        single(words("receipt.number", number=slip.number)),
        Barcode(voucher.number),
        Qr(voucher.number),
        single(words("voucher.once")),
        *mark,
        Cut(),
    ]
