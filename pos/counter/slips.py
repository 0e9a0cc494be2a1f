"""From what was written to what paper says: the facts of a receipt."""

from collections.abc import Iterable, Mapping

from catalog.goods import Service
from catalog.units import Fen, Points
from pos.core import accounts, journal, redemption
from pos.core.accounts import POINTS
from pos.core.households import Household, Member
from pos.core.local_time import local_time
from pos.core.receipts import (
    CountedFact,
    GoodFact,
    News,
    PooledFact,
    RedeemFacts,
    Slip,
    VoucherFact,
    WeighedFact,
    WeighFacts,
)
from pos.core.redemption import Redeem, ServiceLine
from pos.core.transfers import Books
from pos.core.weigh_in import CountedLine, PooledLine, Rules, Weigh, WeighedLine
from pos.counter.desk import Desk
from pos.storage.books import Written


def slip(
    desk: Desk,
    written: Written,
    household: Household,
    before: Points,
    books: Books,
    news: Iterable[tuple[str, Points]] = (),
) -> Slip:
    """What every receipt says of the entry just written; `books` hold the household's points and debt after it.

    `news` are awards, by title, that the household has not been told of.
    """
    identity = desk.store.identity
    entry = written.entry
    number = journal.number(identity.store, identity.device, identity.epoch, entry.seq)
    check = journal.check_code(written.hash)
    by = identity.writer
    return Slip(
        store_name=identity.name,
        number=number,
        check=check,
        mark=journal.mark(number, check, desk.page),
        local_time=local_time(entry.at.wall, identity.utc_offset_minutes),
        operator=entry.by.operator,
        approver=entry.by.approver or "",
        till=entry.till,
        household=household.short,
        household_name=household.masked,
        group=household.group,
        before=before,
        after=Points(books.of(accounts.points(household.number, by), POINTS)),
        owed=Points(-books.of(accounts.debt(household.number, by), POINTS)),
        telephone=identity.telephone,
        quiet=int(household.quiet),
        news=tuple(News(title, points) for title, points in news),
    )


def weigh_facts(body: Weigh, names: Mapping[str, str], rules: Rules) -> WeighFacts:
    """The facts of a weigh-in; `names` are the materials' by code."""
    used = {line.evidence.scale for line in body.lines if isinstance(line, WeighedLine)}
    known = [rules.scales[name] for name in sorted(used) if name in rules.scales]
    return WeighFacts(
        lines=tuple(_weigh_line(line, names) for line in body.lines),
        amount=body.amount,
        points=body.points,
        carried=body.carried,
        fen_per_point=body.fen_per_point,
        book=body.book,
        book_effective=rules.book.effective,
        scales=tuple(f"{each.scale.name} {each.scale.verified_until or ''}".rstrip() for each in known),
        payout=body.payout,
        checked=tuple(f"{each.scale.name} {each.checked}" for each in known if each.checked),
    )


def _weigh_line(
    line: WeighedLine | CountedLine | PooledLine, names: Mapping[str, str]
) -> WeighedFact | CountedFact | PooledFact:
    name = names.get(line.material, line.material)
    match line:
        case WeighedLine():
            return WeighedFact(
                name,
                line.gross,
                line.tare,
                line.net,
                line.tare_from,
                line.deduction,
                Fen(line.fen_per_kg),
                line.amount,
                line.evidence.reason,
            )
        case CountedLine():
            return CountedFact(name, line.pieces, Fen(line.fen_per_piece), line.amount)
        case PooledLine():
            return PooledFact(name, line.pieces, line.every, line.points, line.carried, line.refused)


def redeem_facts(
    body: Redeem,
    rules: redemption.Rules,
    members: Iterable[Member],
    given: Fen,
    providers: Mapping[str, str],
) -> RedeemFacts:
    """The facts of a redemption by a household with these members; `providers` are names by code."""
    goods, above = rules.goods, rules.policy.sign_above
    return RedeemFacts(
        lines=tuple(
            GoodFact(goods[line.good].name, line.quantity, goods[line.good].unit, line.points, line.total)
            for line in body.lines
        ),
        pieces=sum(line.quantity for line in body.lines),
        discount=body.discount,
        price=body.price,
        points=body.points,
        cash=body.cash,
        collector=body.collector,
        book=body.book,
        member=next((member.masked for member in members if member.place == body.member), ""),
        vouchers=tuple(_voucher(line, rules.services[line.service], providers) for line in body.services),
        given=given if body.cash else Fen(0),
        note=body.note,
        stub=int(above is not None and body.price > above),
    )


def _voucher(line: ServiceLine, service: Service, providers: Mapping[str, str]) -> VoucherFact:
    provider = providers.get(service.provider, service.provider)
    return VoucherFact(service.name, service.unit, line.points, line.voucher, provider, line.until, line.slot)
