"""A receipt in words, top to bottom: the same facts give the same paper, in ten years too.

Every receipt says whose shop, which entry, when, who and for whom; then the lines, the sums, the balance before and
after in the largest figures, and at the foot what lets a villager check it: scale, prices, telephone, check code.
"""

from dataclasses import dataclass
from typing import assert_never

from catalog.units import Points
from drivers.printer.characters import columns as columns_of
from drivers.printer.document import Align, Block, Cell, Cut, Document, Feed, Qr, Row, Rule, Size, Text
from pos.core.receipts import Receipt, RedeemFacts, ReverseFacts, Slip, TakeBackFacts, WeighFacts
from pos.core.redemption import Collector
from pos.core.weigh_in import Payout
from pos.i18n import Words
from pos.printing import vouchers
from pos.printing.figures import plain, scale_and_date, short, signed
from pos.printing.lines import (
    Style,
    carried_before,
    good_lines,
    pair,
    pooled_points,
    reason,
    single,
    weigh_lines,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A reprint: the how-manieth, asked for by whom and when (local time as text)."""

    number: int
    by: str
    at: str


def document(receipt: Receipt, words: Words, copy: Copy | None, columns: int) -> Document:
    """The receipt as it goes to paper of 32 or 48 columns; `copy` is None for the original."""
    style = Style(words, columns, isinstance(receipt.facts, ReverseFacts | TakeBackFacts))
    mark = copy_mark(copy, words)
    head, body = _head(receipt, style), _body(receipt, style)
    blocks = [
        *mark,
        *copy_origin(copy, words),
        *head,
        Rule(),
        *body,
        Rule(),
        *_foot(receipt, style),
        *mark,
        Cut(),
    ]
    if isinstance(receipt.facts, RedeemFacts):
        blocks += vouchers.papers(receipt.facts, receipt.slip, words, mark)
        blocks += vouchers.stub(head, body, words, mark) if receipt.facts.stub else []
    return Document(tuple(blocks))


def copy_mark(copy: Copy | None, words: Words) -> list[Block]:
    """What stands at top and bottom of a copy."""
    return [Text(words("receipt.reprint", number=copy.number), Align.CENTRE, bold=True)] if copy else []


def copy_origin(copy: Copy | None, words: Words) -> list[Block]:
    """When and by whom a copy was made."""
    if copy is None:
        return []
    return [
        single(words("receipt.reprint-time", time=copy.at)),
        single(words("receipt.reprint-by", number=copy.by)),
        Rule(),
    ]


def _head(receipt: Receipt, style: Style) -> list[Block]:
    slip, words = receipt.slip, style.words
    fits = columns_of(slip.store_name) * Size.BIG.wide <= style.columns
    person = " ".join(part for part in (slip.household, slip.household_name) if part)
    blocks: list[Block] = [
        Text(slip.store_name, Align.CENTRE, bold=True, size=Size.BIG if fits else Size.TALL),
        Text(_title(receipt, words), Align.CENTRE),
        single(words("receipt.number", number=slip.number)),
    ]
    if isinstance(receipt.facts, ReverseFacts | TakeBackFacts):
        blocks.append(single(words("receipt.original", number=receipt.facts.original)))
    if isinstance(receipt.facts, ReverseFacts):
        blocks.append(single(words("receipt.reason", reason=reason(receipt.facts.reason, words))))
    blocks += [
        single(words("receipt.time", time=slip.local_time)),
        pair(words("receipt.keeper", number=slip.operator), words("receipt.till", number=f"{slip.till:02d}")),
    ]
    if slip.approver:
        blocks.append(single(words("receipt.approver", number=slip.approver)))
    blocks.append(pair(words("receipt.household", household=person or words("receipt.nobody")), slip.group))
    return blocks


def _title(receipt: Receipt, words: Words) -> str:
    match receipt.facts:
        case WeighFacts():
            return words("receipt.weigh")
        case RedeemFacts():
            return words("receipt.redeem")
        case ReverseFacts():
            return words("receipt.reverse")
        case TakeBackFacts():
            return words("receipt.take-back")
        case _ as never:
            assert_never(never)


def _body(receipt: Receipt, style: Style) -> list[Block]:
    facts = receipt.facts
    if isinstance(facts, ReverseFacts):
        facts = facts.taken_back
    match facts:
        case WeighFacts():
            return [*weigh_lines(facts.lines, style), Rule(), *_weigh_sums(facts, receipt.slip, style)]
        case RedeemFacts():
            return [*good_lines(vouchers.lines(facts), style), Rule(), *_redeem_sums(facts, receipt.slip, style)]
        case TakeBackFacts():
            return [*good_lines(facts.lines, style), Rule(), *_back_sums(facts, receipt.slip, style)]
        case _ as never:
            assert_never(never)


def _weigh_sums(facts: WeighFacts, slip: Slip, style: Style) -> list[Block]:
    words = style.words
    change = facts.points * style.sign
    blocks: list[Block] = [
        pair(words("receipt.amount"), words("receipt.money", yuan=plain(facts.amount * style.sign)), bold=True)
    ]
    if style.reversed:
        # Points that had waited come back out of what waits: the balance itself says what it lost.
        change = change if facts.payout is Payout.POINTS else slip.after - slip.before
        return [*blocks, *_balance(words("receipt.points-back"), change, slip, words)]
    if facts.payout is not Payout.POINTS:
        return [*blocks, *_paid_otherwise(facts, slip, words)]
    before = carried_before(facts.amount, facts.points - pooled_points(facts.lines), facts.carried, facts.fen_per_point)
    if before:
        blocks.append(pair(words("receipt.carried-before"), words("receipt.money", yuan=plain(before))))
    if facts.carried:
        blocks.append(pair(words("receipt.carried"), words("receipt.money", yuan=plain(facts.carried))))
    return [*blocks, *_balance(words("receipt.converted", yuan=short(facts.fen_per_point)), change, slip, words)]


def _paid_otherwise(facts: WeighFacts, slip: Slip, words: Words) -> list[Block]:
    """Cash, points that wait for the clerk, or thanks for a gift to the village."""
    match facts.payout:
        case Payout.DONATED:
            return [Text(words("receipt.donated"), Align.CENTRE, bold=True)]
        case Payout.CASH:
            paid = pair(words("receipt.paid-out"), words("receipt.money", yuan=plain(facts.amount)), bold=True)
            return [paid, *_balance(words("receipt.pieces-points"), facts.points, slip, words)]
        case _:
            waits = words("receipt.points", points=signed(facts.points))
            return [
                pair(words("receipt.pending"), waits, bold=True),
                *_balance(words("receipt.available-now"), Points(0), slip, words),
            ]


def _redeem_sums(facts: RedeemFacts, slip: Slip, style: Style) -> list[Block]:
    words, sign = style.words, style.sign
    lines = vouchers.lines(facts)
    full = sum((line.total for line in lines), Points(0))
    total = words("receipt.total", kinds=len(lines), pieces=facts.pieces + len(facts.vouchers))
    blocks: list[Block] = [pair(total, words("receipt.points", points=plain(full * sign)), bold=True)]
    if facts.discount:
        given = words("receipt.points", points=signed((facts.price - full) * sign))
        blocks.append(pair(words("receipt.discount", percent=facts.discount.percent), given))
        blocks.append(pair(words("receipt.due"), words("receipt.points", points=plain(facts.price * sign))))
    if facts.cash:
        label = words("receipt.cash-back") if style.reversed else words("receipt.cash")
        blocks.append(pair(label, words("receipt.money", yuan=plain(facts.cash)), bold=style.reversed))
        blocks += [] if style.reversed else vouchers.cash_lines(facts, words)
    label = words("receipt.points-returned") if style.reversed else words("receipt.points-used")
    return [*blocks, *_balance(label, facts.points * -sign, slip, words)]


def _back_sums(facts: TakeBackFacts, slip: Slip, style: Style) -> list[Block]:
    words = style.words
    full = sum((line.total for line in facts.lines), Points(0))
    pieces = sum(line.quantity for line in facts.lines)
    total = words("receipt.total", kinds=len(facts.lines), pieces=pieces)
    blocks: list[Block] = [pair(total, words("receipt.points", points=plain(full * style.sign)), bold=True)]
    if facts.percent:
        blocks.append(single(words("receipt.discounted", percent=facts.percent)))
    if facts.cash:
        blocks.append(pair(words("receipt.cash-back"), words("receipt.money", yuan=plain(facts.cash)), bold=True))
    return [*blocks, *_balance(words("receipt.points-returned"), facts.points, slip, words)]


def _balance(label: str, change: Points, slip: Slip, words: Words) -> list[Block]:
    """The change, and the balance before and after it; points that went to or came from a debt make up the rest.

    Of a household that wants no balance on paper, the change alone.
    """
    blocks: list[Block] = [pair(label, words("receipt.points", points=signed(change)), bold=True)]
    if slip.quiet:
        return [*blocks, single(words("receipt.quiet"))]
    blocks.append(pair(words("receipt.before"), words("receipt.points", points=plain(slip.before))))
    debt = slip.after - slip.before - change
    if debt:
        name = words("receipt.debt-paid") if debt < Points(0) else words("receipt.debt-made")
        blocks.append(pair(name, words("receipt.points", points=signed(debt))))
    after = Cell(words("receipt.points", points=plain(slip.after)), align=Align.RIGHT)
    blocks.append(Row((Cell(words("receipt.after")), after), bold=True, size=Size.TALL))
    if slip.owed:
        blocks.append(pair(words("receipt.owed"), words("receipt.points", points=plain(slip.owed)), bold=True))
    return blocks


def _foot(receipt: Receipt, style: Style) -> list[Block]:
    slip, words = receipt.slip, style.words
    return [
        *vouchers.news(slip, words),
        *_terms(receipt, words),
        *_dispute(receipt, words),
        Qr(slip.mark),
        Text(words("receipt.check", code=slip.check), Align.CENTRE),
        Text(words("receipt.fades"), Align.CENTRE),
        Text(words("receipt.household-copy"), Align.CENTRE),
    ]


def _dispute(receipt: Receipt, words: Words) -> list[Block]:
    weighed = isinstance(receipt.facts, WeighFacts)
    blocks: list[Block] = [single(words("receipt.weigh-again") if weighed else words("receipt.speak-up"))]
    blocks += [single(words("receipt.hot-lines"))] if weighed else []
    if receipt.slip.telephone:
        blocks.append(single(words("receipt.telephone", number=receipt.slip.telephone)))
    return blocks


def _terms(receipt: Receipt, words: Words) -> list[Block]:
    """What the figures rest on: scales and prices; who took the goods; where to sign for a reversal."""
    match receipt.facts:
        case WeighFacts(scales=scales, checked=checked, book=book, book_effective=since):
            seen = [scale_and_date(text) for text in checked]
            return [
                *(_scale(scale, words) for scale in scales),
                *(single(words("receipt.checked", name=name, date=on)) for name, on in seen),
                single(words("receipt.book", book=book, date=since)),
            ]
        case RedeemFacts(collector=collector, book=book, member=member, note=note):
            taker = [] if collector is Collector.HEAD else [single(_collector(collector, member, words))]
            taker += [single(words(f"note.{note}"))] if note else []
            return [*taker, single(words("receipt.book-number", book=book))]
        case ReverseFacts() | TakeBackFacts():
            return [single(words("receipt.signature")), Feed(), Rule()]
        case _ as never:
            assert_never(never)


def _scale(text: str, words: Words) -> Block:
    name, until = scale_and_date(text)
    return single(words("receipt.scale", name=name, date=until) if until else words("receipt.scale-name", name=name))


def _collector(collector: Collector, member: str, words: Words) -> str:
    if member:
        return words("receipt.collector-named", name=member)
    return words("receipt.collector-proxy" if collector is Collector.PROXY else "receipt.collector-member")
