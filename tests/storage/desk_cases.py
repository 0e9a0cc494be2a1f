"""What is done about cards, households, people, scales and what an auditor sees, to be broken off at each statement."""

from collections.abc import Callable
from dataclasses import replace

from catalog.units import Fen, Grams
from pos.core.cards import IdentityCheck
from pos.core.disputes import Compared, Dispute, Outcome
from pos.core.entries import Signatures
from pos.core.freezing import FreezeReason
from pos.core.fund import Source
from pos.core.households import HouseholdState, LookupReason, Member, StateReason
from pos.core.inspection import Answer, LoadSeen, Question
from pos.core.people import Role
from pos.core.take_back import BackLine, Condition
from pos.counter import (
    card_prints,
    cards,
    closing,
    consents,
    day,
    disputes,
    erasure,
    freezing,
    fund,
    households,
    inspections,
    lists,
    paper,
    people,
    printer,
    scales,
    stock,
    take_back,
    wanted,
)
from pos.counter.lists import Kind
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, weighed
from tests.storage.busy import seq_of

AUDIT = Signatures(AUDITOR)
CLERK_WITH_KEEPER = Signatures(CLERK, KEEPER)


def _record_prints(shop: Shop) -> Callable[[], object]:
    faces = card_prints.choose(shop.desk).faces
    return lambda: card_prints.record(shop.desk, shop.two, faces)


def _print_card(shop: Shop) -> Callable[[], object]:
    return lambda: card_prints.print_at_counter(shop.desk, shop.two, shop.cards["0042"].number)


def _hand_out(shop: Shop) -> Callable[[], object]:
    return lambda: cards.hand_out(shop.desk, shop.two, shop.household("0042"), IdentityCheck.QUESTIONS)


def _found(shop: Shop) -> Callable[[], object]:
    cards.report_lost(shop.desk, shop.by, shop.cards["0042"].number)
    return lambda: cards.report_found(shop.desk, shop.two, shop.cards["0042"].number)


def _countersign(shop: Shop) -> Callable[[], object]:
    day.close_day(shop.desk, shop.by)
    (document,) = closing.documents(shop.desk)
    return lambda: closing.countersign(shop.desk, Signatures(CLERK), document.z.seq)


def _dispute(shop: Shop) -> Dispute:
    ref = seq_of(weigh_in(shop.desk, shop.by, shop.bag()).slip.number)
    return Dispute(shop.household("0042"), ref, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.FAIR_SCALE)


def _record_dispute(shop: Shop) -> Callable[[], object]:
    dispute = _dispute(shop)
    return lambda: disputes.record(shop.desk, shop.by, dispute)


def _close_dispute(shop: Shop) -> Callable[[], object]:
    seq = seq_of(disputes.record(shop.desk, shop.by, _dispute(shop)).number)
    return lambda: disputes.close(shop.desk, AUDIT, seq, Outcome.AGREED)


def _release_good(shop: Shop) -> Callable[[], object]:
    freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.COUNT)
    return lambda: freezing.release(shop.desk, CLERK_WITH_KEEPER, "g:g001")


def _edit(shop: Shop) -> Callable[[], object]:
    edited = replace(households.named(shop.desk, "0042"), head="张秀云")
    return lambda: households.edit(shop.desk, CLERK_WITH_KEEPER, edited, (Member(1, "张小军"),))


def _set_state(shop: Shop) -> Callable[[], object]:
    number = shop.household("0042")
    return lambda: households.set_state(shop.desk, shop.two, number, HouseholdState.AWAY, StateReason.AWAY_LONG)


def _merge(shop: Shop) -> Callable[[], object]:
    return lambda: households.merge(shop.desk, shop.two, shop.household("0042"), shop.household("0002"))


def _erase(shop: Shop) -> Callable[[], object]:
    _merge(shop)()
    return lambda: households.erase(shop.desk, CLERK_WITH_KEEPER, shop.household("0042"))


def _strike(shop: Shop) -> Callable[[], object]:
    wanted.note(shop.desk, shop.by, "针线盒")
    return lambda: wanted.strike(shop.desk, shop.by, wanted.wishes(shop.desk)[0].seq)


def _erase_name(shop: Shop) -> Callable[[], object]:
    fund.income(shop.desk, shop.by, Source.DONATION, Fen(100_00), "赵慷慨")
    return lambda: erasure.erase_name(shop.desk, CLERK_WITH_KEEPER, "赵慷慨")


def _take_list(shop: Shop) -> Callable[[], object]:
    path = shop.folder / "households.csv"
    lists.export(shop.desk, shop.by, Kind.HOUSEHOLDS, path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace("张秀英", "张秀云"), encoding="utf-8")
    looked = lists.dry_run(shop.desk, Kind.HOUSEHOLDS, path)
    return lambda: lists.take(shop.desk, shop.two, looked)


def _inspect(shop: Shop) -> Callable[[], object]:
    draft = inspections.begin(shop.desk, AUDITOR)
    for question in Question:
        draft = draft.answering(question, Answer.YES)
    for shelf in draft.shelf:
        draft = draft.with_count(shelf.good, shelf.book, shelf.book)
    signed = replace(draft, load=LoadSeen("FS-1", Grams(5_000), Grams(5_000)))
    return lambda: inspections.sign(shop.desk, AUDIT, signed)


def _print_report(shop: Shop) -> Callable[[], object]:
    sheet = stock.stock_report(shop.desk, shop.by)
    return lambda: paper.print_report(shop.desk, shop.by, sheet)


def _activate(shop: Shop) -> Callable[[], object]:
    people.deactivate(shop.desk, shop.two, AUDITOR)
    return lambda: people.activate(shop.desk, shop.two, AUDITOR)


def _check_scale(shop: Shop) -> Callable[[], object]:
    evidence = weighed("p01", 20_000).evidence
    return lambda: scales.check(shop.desk, shop.by, Grams(20_000), Grams(20_000), evidence)


def _release_scale(shop: Shop) -> Callable[[], object]:
    scales.check(shop.desk, shop.by, Grams(20_000), Grams(21_000), weighed("p01", 20_000).evidence)
    return lambda: scales.release(shop.desk, shop.two, "FS-1")


def _take_back(shop: Shop) -> Callable[[], object]:
    seq = seq_of(redeem(shop.desk, shop.by, shop.basket(of="0002")).slip.number)
    lines = (BackLine("g001", 1, Condition.WHOLE), BackLine("g013", 1, Condition.OPENED))
    return lambda: take_back.take_back(shop.desk, shop.two, seq, lines)


DESK_CASES: dict[str, Callable[[Shop], Callable[[], object]]] = {
    "card_prints.record": _record_prints,
    "card_prints.print_at_counter": _print_card,
    "cards.hand_out": _hand_out,
    "cards.report_found": _found,
    "closing.countersign": _countersign,
    "disputes.record": _record_dispute,
    "disputes.close": _close_dispute,
    "freezing.freeze": lambda shop: lambda: freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.COUNT),
    "freezing.release": _release_good,
    "households.find": lambda shop: lambda: households.find(shop.desk, shop.by, "张", LookupReason.CARD_FORGOTTEN),
    "households.look_at": lambda shop: (
        lambda: households.look_at(shop.desk, shop.by, shop.household("0042"), LookupReason.CARD_FORGOTTEN)
    ),
    "households.edit": _edit,
    "households.set_quiet": lambda shop: (
        lambda: households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    ),
    "households.set_state": _set_state,
    "households.merge": _merge,
    "households.erase": _erase,
    "consents._record": lambda shop: lambda: consents.household(shop.desk, shop.by, "0042", agreed=True),
    "erasure.erase_name": _erase_name,
    "wanted.note": lambda shop: lambda: wanted.note(shop.desk, shop.by, "针线盒"),
    "wanted.strike": _strike,
    "lists.take": _take_list,
    "inspections.sign": _inspect,
    "paper.print_report": _print_report,
    "people.rename": lambda shop: lambda: people.rename(shop.desk, shop.two, KEEPER, "王玉珍"),
    "people.deactivate": lambda shop: lambda: people.deactivate(shop.desk, shop.two, AUDITOR),
    "people.activate": _activate,
    "people.change_pin": lambda shop: lambda: people.change_pin(shop.desk, shop.two, KEEPER, "7319"),
    "people.add_keeper": lambda shop: (
        lambda: people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, "7319")
    ),
    "printer.try_drawer": lambda shop: lambda: printer.try_drawer(shop.desk, shop.by),
    "scales.check": _check_scale,
    "scales.release": _release_scale,
    "scales.vouch": lambda shop: lambda: scales.vouch(shop.desk, shop.two, "FS-1", "not-zero"),
    "take_back.take_back": _take_back,
}
"""Each prepares a shop, and gives back what is to be done in it."""
