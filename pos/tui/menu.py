"""Everything else a store does, as one table: a screen is added here by a line, and by its keys in `pos.tui.keys`.

Screens are named by module and class, and loaded when somebody goes there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from textual.screen import Screen

from pos.core.people import ANYONE, SERVES, Role, check_role
from pos.counter import (
    award_files,
    bays,
    buyers,
    campaigns,
    consents,
    disputes,
    erasure,
    exceptions,
    freezing,
    fund,
    households,
    inspections,
    lists,
    materials,
    people,
    policy,
    recyclables,
    services,
    settlements,
    vouchers,
    wanted,
)

if TYPE_CHECKING:
    from pos.tui.routes import Routes


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu: its group and name (`menu.<group>`, `menu.<name>`), its screen, and whose it is."""

    group: str
    name: str
    module: str
    screen: str
    roles: frozenset[Role] = ANYONE

    def make(self) -> Screen[None]:
        """The screen."""
        made: Callable[[], Screen[None]] = getattr(import_module(f"pos.tui.screens.{self.module}"), self.screen)
        return made()


MENU: tuple[Item, ...] = (
    Item("stock", "receive", "receive", "ReceiveScreen", SERVES),
    Item("stock", "stocktake", "stocktake", "StocktakeScreen", SERVES),
    Item("stock", "stock-list", "stock_list", "StockScreen"),
    Item("stock", "expiry", "lots", "ExpiryScreen"),
    Item("stock", "write-off", "lots", "WriteOffScreen", SERVES),
    Item("stock", "ship", "ship", "ShipScreen", SERVES),
    Item("stock", "new-goods", "new_goods", "PendingGoodsScreen", SERVES),
    Item("stock", "suppliers", "suppliers", "SuppliersScreen", SERVES),
    Item("stock", "wanted", "wanted", "WantedScreen", wanted.NOTES),
    Item("services", "vouchers", "voucher", "VouchersScreen", vouchers.TAKES_VOUCHERS),
    Item("services", "service-list", "services", "ServicesScreen", services.OFFERS),
    Item("services", "providers", "services", "ProvidersScreen", services.OFFERS),
    Item("services", "provider-settlement", "provider_settlement", "ProviderSettlementScreen", services.READS),
    Item("recyclables", "sell", "sell_material", "SellScreen", recyclables.SELLS),
    Item("recyclables", "hand-over", "hand_over", "HandOverScreen", recyclables.SELLS),
    Item("recyclables", "donation", "weigh_in", "DonationScreen", SERVES),
    Item("recyclables", "confirm-points", "confirm_points", "ConfirmScreen", SERVES),
    Item("recyclables", "materials", "materials", "MaterialsScreen", materials.DECIDES),
    Item("recyclables", "campaigns", "campaigns", "CampaignsScreen", campaigns.BEGINS),
    Item("recyclables", "buyers", "buyers", "BuyersScreen", buyers.KEEPS_BUYERS),
    Item("recyclables", "bays", "bays", "BaysScreen", bays.COUNTS),
    Item("recyclables", "margins", "margins", "MarginsScreen"),
    Item("fund", "fund", "fund", "FundScreen", fund.KEEPS_FUND),
    Item("fund", "count-drawer", "fund", "CountDrawerForm", fund.KEEPS_FUND),
    Item("fund", "fund-book", "fund_book", "FundBookForm"),
    Item("fund", "settle", "settle", "SettleScreen", settlements.SETTLES),
    Item("households", "find-household", "find_household", "FindHousehold", households.FINDS),
    Item("households", "awards", "award_file", "AwardsScreen", award_files.POSTS),
    Item("households", "erase-name", "erase_name", "EraseName", erasure.ERASES),
    Item("households", "disputes", "disputes", "DisputesScreen", disputes.RECORDS),
    Item("people", "people", "people", "PeopleScreen", people.MANAGES),
    Item("reports", "report", "report", "ReportScreen"),
    Item("reports", "notice", "report_notice", "NoticeForm"),
    Item("reports", "consent", "report_notice", "ConsentForm", consents.RECORDS),
    Item("reports", "registers", "report_registers", "RegisterForm"),
    Item("reports", "donors", "report_donors", "DonorsForm"),
    Item("store", "sync", "sync", "SyncScreen"),
    Item("store", "policy", "policy", "PolicyScreen", policy.DECIDES),
    Item("store", "closes", "closes", "ClosesScreen"),
    Item("store", "exceptions", "exceptions", "ExceptionsScreen", exceptions.READS),
    Item("store", "frozen", "frozen", "FrozenScreen", freezing.FREEZES | freezing.RELEASES),
    Item("store", "lists", "lists", "ListsScreen", lists.TAKES),
    Item("store", "backup", "backup", "BackupScreen"),
    Item("store", "inspection", "inspection", "InspectionScreen", inspections.INSPECTS),
)


def groups(role: Role) -> list[str]:
    """The groups in which this role has something to do, in their order."""
    return list(dict.fromkeys(item.group for item in MENU if role in item.roles))


def items(group: str, role: Role) -> list[Item]:
    """What this role may do in a group."""
    return [item for item in MENU if item.group == group and role in item.roles]


def go(till: "Routes", name: str, role: Role) -> None:
    """One of its screens at once. Raises `NotPermitted`."""
    item = next(item for item in MENU if item.name == name)
    check_role(role, item.roles)
    till.open_screen(item.make)


def ask(till: "Routes", role: Role) -> None:
    """Let the keeper choose: a group, then what to do in it."""

    def chosen(group: str) -> None:
        offered = items(group, role)
        till.choose(till.words(f"menu.{group}"), _named(till, (item.name for item in offered)), partial_open(offered))

    def partial_open(offered: list[Item]) -> Callable[[str], None]:
        by_name = {item.name: item for item in offered}
        return lambda name: till.open_screen(by_name[name].make)

    till.choose(till.words("menu.title"), _named(till, groups(role)), chosen)


def _named(till: "Routes", names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, till.words(f"menu.{name}")) for name in names]
