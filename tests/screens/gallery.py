"""Every screen of the till, and how it comes up in the lived-in shop: by its line of the menu, a key, or a scan."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from drivers.scale.weighing import Settled
from pos.core import codec
from pos.core.cards import ReadAs
from pos.core.entries import Signatures
from pos.core.households import Household
from pos.core.receipts import Receipt
from pos.core.redemption import Redeem
from pos.core.weigh_in import Draft
from pos.counter import cards, households, take_back
from pos.counter import journal as journals
from pos.counter.cards import HouseholdView
from pos.storage import books
from pos.tui.base import Front
from pos.tui.device_words import subjects
from pos.tui.menu import MENU
from pos.tui.number import NumberDialog, whole
from pos.tui.policy_forms import FORMS
from pos.tui.redeem_dialogs import PinDialog
from pos.tui.scan_dialog import ScanDialog
from pos.tui.screens.approve import Approve
from pos.tui.screens.camera import CameraScreen
from pos.tui.screens.card_desk import CardDesk
from pos.tui.screens.close_day import CloseScreen
from pos.tui.screens.confirm import Confirm
from pos.tui.screens.device import DeviceScreen
from pos.tui.screens.devices import DevicesScreen
from pos.tui.screens.household_edit import HouseholdEdit
from pos.tui.screens.household_merge import HouseholdMerge
from pos.tui.screens.household_state import HouseholdStateScreen
from pos.tui.screens.journal import JournalScreen
from pos.tui.screens.opening import OpeningScreen
from pos.tui.screens.people import NewPin
from pos.tui.screens.receipt import ReceiptScreen
from pos.tui.screens.return_goods import ReturnScreen
from pos.tui.screens.statement import StatementScreen
from pos.tui.screens.sync_join import JoinForm, RenewForm
from tests.screens.conftest import Till
from tests.screens.goods import fill
from tests.screens.redeeming import DETERGENT, SALT
from tests.shop import CLERK, VILLAGE, W1

LOAD = 18_650
"""Grams on the platform."""

Play = Callable[[Till], Awaitable[None]]


@dataclass(frozen=True)
class Shot:
    """One picture: the name of its file, the class of the screen, and how to get there from the home screen."""

    name: str
    screen: str
    play: Play


def put(make: Callable[[Till], Front[Any]]) -> Play:
    """The screen put up by itself."""

    async def play(till: Till) -> None:
        till.app.push_screen(make(till))
        await till.idle()

    return play


def through(line: str, *keys: str) -> Play:
    """From a line of the menu on by keys."""

    async def play(till: Till) -> None:
        item = next(item for item in MENU if item.name == line)
        till.app.open_screen(item.make)
        await till.idle()
        for key in keys:
            await till.press(key)
            await till.idle()

    return play


def with_card(*keys: str, short: str = "0042", scans: tuple[str, ...] = ()) -> Play:
    """A household's card, then keys, then what else is scanned."""

    async def play(till: Till) -> None:
        # Not by a scan: the same card within moments is one scan.
        till.app.open_card(till.cards[short])
        await till.comes("household")
        for key in keys:
            await till.press(key)
            await till.idle()
        for code in scans:
            await till.scan(code)
            await till.idle()

    return play


async def stay(_: Till) -> None:
    """What is in front already."""


async def redeemed(till: Till) -> None:
    """A redemption, confirmed."""
    await with_card("f2", scans=(SALT, DETERGENT))(till)
    await till.press("plus")
    await till.comes("receipt")


async def waits_for_reason(till: Till) -> None:
    """A stocktake in its first round, two goods counted."""
    await through("stocktake", "1")(till)
    await till.scan(SALT, SALT, DETERGENT)
    await till.idle()


async def counts(till: Till) -> None:
    """The form in which a good is counted by hand."""
    await through("stocktake")(till)
    await till.press("enter")
    await till.idle()


async def receives(till: Till) -> None:
    """A delivery note with one line."""
    await through("receive")(till)
    await fill(till, supplier="2", slip="YD-0306")
    await till.comes("note")
    await till.scan(SALT)
    await till.comes("form")
    await fill(till, packs="2", pack_of="20", pack_cost="32", expiry="20261231")
    await till.comes("note")


async def loads(till: Till) -> None:
    """A load for the van with one line."""
    await ships(till)
    await fill(till, pieces="8")
    await till.comes("note")


async def ships(till: Till) -> None:
    """A line of what is sent away."""
    await through("ship", "plus")(till)
    await till.scan(SALT)
    await till.idle()


async def looks_up(till: Till) -> None:
    """Households looked for by the end of their number."""
    await through("find-household")(till)
    await till.press("2", "plus")
    await till.idle()


async def weighed(till: Till, grams: int) -> None:
    """Wait until so much stands on the platform, and nothing on the counter scale."""

    def said() -> dict[str, int]:
        return {name: each.grams.amount for name, each in till.app.weighings.items() if isinstance(each, Settled)}

    await till.until(lambda: said() == {"FS-1": grams, "CT-1": 0}, f"{grams} g")


async def weighs(till: Till) -> None:
    """A ticket with two lines, and a load on the platform for the third."""
    household = f"{VILLAGE}0042"
    draft = Draft(household, _view(till).card.number, ReadAs.SIGNED, W1[1:])
    till.app.station.drafts.save("weigh-in", codec.dumps(codec.plain(draft)))
    await with_card("f3", "1")(till)
    till.app.station.drafts.clear("weigh-in")


def _view(till: Till) -> HouseholdView:
    return cards.open_household(till.desk, till.cards["0042"])


def last_sale(till: Till) -> int:
    """Number of the newest redemption of goods."""
    with till.desk.store.read() as connection:
        listed = [each.seq for each in books.newest(connection, 60) if each.kind == "redeem"]
        found = [(seq, books.read_entry(connection, seq).body) for seq in listed]
        open_ = [seq for seq, body in found if isinstance(body, Redeem) and body.lines]
        return next(seq for seq in open_ if books.reversal_of(connection, seq) is None)


def _household(till: Till) -> Household:
    return _view(till).household


def _edit(till: Till) -> Front[Any]:
    return HouseholdEdit(households.open_file(till.desk, Signatures(CLERK), f"{VILLAGE}0002"))


def _receipt(till: Till) -> Front[Any]:
    filed = journals.paper(till.desk, last_sale(till))
    assert isinstance(filed.paper, Receipt)
    return ReceiptScreen(filed.paper, copies=filed.copies)


_FIRST = {"receive": "ReceiveHead", "ship": "ShipHead", "stocktake": "Choose"}
"""What a line of the menu asks before its own screen has anything to show."""
_KEYS = {"report": ("1",)}
"""Keys after it: the days of a month are more than the chart has room to name, and it leaves out others each time."""
_SCALES = ("sell", "donation")
"""Lines of the menu that are among the pictures of scales."""

FROM_MENU = tuple(
    Shot(item.name, _FIRST.get(item.name, item.screen), through(item.name, *_KEYS.get(item.name, ())))
    for item in MENU
    if item.name not in _SCALES
)

OF_DAY = (
    Shot("home", "Home", stay),
    Shot("opening", "OpeningScreen", put(lambda _: OpeningScreen())),
    Shot("close-day", "CloseScreen", put(lambda _: CloseScreen())),
    Shot("journal", "JournalScreen", put(lambda _: JournalScreen())),
    Shot("devices", "DevicesScreen", put(lambda _: DevicesScreen())),
    Shot("device", "DeviceScreen", put(lambda till: DeviceScreen(subjects(till.app.station)[0]))),
    Shot("camera", "CameraScreen", put(lambda _: CameraScreen())),
    Shot("sync-join", "JoinForm", put(lambda _: JoinForm())),
    Shot("sync-renew", "RenewForm", put(lambda _: RenewForm())),
)

OF_HOUSEHOLDS = (
    Shot("household", "HouseholdScreen", with_card()),
    Shot("redeem-search", "RedeemScreen", with_card("f2", "2")),
    Shot("redeem", "RedeemScreen", with_card("f2", scans=(SALT, SALT, DETERGENT))),
    Shot("return", "ReturnScreen", put(lambda till: ReturnScreen(take_back.sale(till.desk, last_sale(till))))),
    Shot("card-desk", "CardDesk", put(lambda till: CardDesk(_household(till)))),
    Shot("statement", "StatementScreen", put(lambda till: StatementScreen(_household(till)))),
    Shot("household-state", "HouseholdStateScreen", put(lambda till: HouseholdStateScreen(_household(till)))),
    Shot("household-merge", "HouseholdMerge", put(lambda till: HouseholdMerge(_household(till)))),
    Shot("household-edit", "HouseholdEdit", put(_edit)),
    Shot("found-households", "FoundHouseholds", looks_up),
    Shot("sheet", "SheetScreen", with_card("f5", "plus")),
    Shot("receipt-of-journal", "ReceiptScreen", put(_receipt)),
    Shot("voucher", "VoucherScreen", through("vouchers", "enter")),
)

OF_GOODS = (
    Shot("receive-lines", "ReceiveScreen", receives),
    Shot("receive-line", "ReceiveLine", through("receive", "enter")),
    Shot("ship-line", "ShipLine", ships),
    Shot("ship-lines", "ShipScreen", loads),
    Shot("write-off-lot", "WriteOffForm", through("write-off", "enter")),
    Shot("new-good", "NewGoodForm", through("new-goods", "f5")),
    Shot("supplier", "SupplierForm", through("suppliers", "enter")),
    Shot("wanted-form", "WantedForm", through("wanted", "f5")),
    Shot("stocktake-counting", "StocktakeScreen", waits_for_reason),
    Shot("count", "CountForm", counts),
    Shot("provider", "ProviderForm", through("providers", "enter")),
    Shot("service", "ServiceForm", through("service-list", "enter")),
    Shot("buyer", "BuyerForm", through("buyers", "enter", "1")),
    Shot("contracts", "ContractsScreen", through("buyers", "enter", "2")),
    Shot("contract", "ContractForm", through("buyers", "enter", "2", "f5")),
    Shot("campaign", "CampaignForm", through("campaigns", "f5")),
    Shot("material", "MaterialForm", through("materials", "enter", "2")),
    Shot("bay", "BayForm", through("bays", "enter")),
)

OF_OFFICE = (
    Shot("award-file", "AwardFileForm", through("awards", "f5")),
    Shot("award-plan", "AwardPlanScreen", through("awards", "f5", "plus")),
    Shot("list-file", "ListFileForm", through("lists", "enter", "2")),
    Shot("list-plan", "ListPlanScreen", through("lists", "enter", "2", "plus")),
    Shot("fund-income", "IncomeForm", through("fund", "down", "enter", "1")),
    Shot("fund-spend", "SpendForm", through("fund", "down", "enter", "2")),
    Shot("fund-move", "MoveForm", through("fund", "down", "enter", "3")),
    Shot("fund-bind", "BindForm", through("fund", "down", "enter", "5")),
    Shot("fund-book-lines", "FundBookScreen", through("fund-book", "plus")),
    Shot("settle-form", "SettleForm", through("settle", "enter", "1")),
    Shot("settle-own", "OwnForm", through("settle", "enter", "3")),
    Shot("donors-board", "DonorsScreen", through("donors", "plus")),
    Shot("person", "PersonScreen", through("people", "plus")),
    Shot("rename", "RenameScreen", through("people", "enter", "1")),
    Shot("new-pin", "NewPin", put(lambda till: NewPin(till.app.words("people.new-pin")))),
    Shot("freeze", "FreezeScreen", through("frozen", "plus")),
    Shot("inspection-note", "NoteScreen", through("inspection", "end", *["down"] * 40, "enter")),
    *(
        Shot(f"policy-{name}", form.__name__, through("policy", *["down"] * place, "enter"))
        for place, (name, form) in enumerate(FORMS.items())
    ),
)

DIALOGS = (
    Shot("menu", "Choose", lambda till: till.press("f11")),
    Shot("choose", "Choose", with_card("f11")),
    Shot("confirm", "Confirm", put(lambda till: Confirm(till.app.words("stocktake.ask-give-up")))),
    Shot("approve", "Approve", put(lambda till: Approve(till.app.words("approve.second"), own=False))),
    Shot("help", "Help", lambda till: till.press("f1")),
    Shot("number", "NumberDialog", put(lambda _: NumberDialog("数量", "件", whole(1, 99), ""))),
    Shot("household-pin", "PinDialog", put(lambda till: PinDialog(till.app.words("people.new-pin"), ""))),
    Shot("scan-code", "ScanDialog", put(lambda till: ScanDialog(till.app.words("voucher.scan-one")))),
)

AT_SCALES = (
    Shot("home-scales", "Home", stay),
    Shot("weigh-in", "WeighInScreen", weighs),
    Shot("donation", "DonationScreen", through("donation", "1")),
    Shot("sell", "SellScreen", through("sell", "1", "enter")),
    Shot("sale-head", "SaleHead", through("sell", "f2")),
    Shot("dispute", "DisputeScreen", with_card("f11", "8")),
)
"""Screens that show scales: one with `LOAD` on the platform."""

LAST = (Shot("receipt", "ReceiptScreen", redeemed),)
"""What writes comes last: it changes what other pictures show."""

MATTER = (
    Shot("home", "Home", stay),
    Shot("household", "HouseholdScreen", with_card()),
    Shot("weigh-in", "WeighInScreen", weighs),
    Shot("redeem", "RedeemScreen", with_card("f2", scans=(SALT, SALT, DETERGENT))),
    Shot("close-day", "CloseScreen", put(lambda _: CloseScreen())),
    *LAST,
)
"""The six that matter most, in the order in which none changes another."""

EVERY = (*FROM_MENU, *OF_DAY, *OF_HOUSEHOLDS, *OF_GOODS, *OF_OFFICE, *DIALOGS, *LAST)
