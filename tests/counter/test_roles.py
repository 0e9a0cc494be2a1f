"""Every use case that signs for something, with the roles that may: the table that a reviewer reads, held to the code.

A use case names its roles beside itself, in the call that checks its signatures; a new one is added to the table here.
"""

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import pos.counter
from pos.core.people import ANYONE, SERVES, Role, check_approval
from pos.core.refusals import NotPermitted
from pos.tui import keys, menu

AUDITOR = frozenset({Role.AUDITOR})
CLERK = frozenset({Role.CLERK})
SEES = SERVES | AUDITOR

MAY: dict[frozenset[Role], str] = {
    SERVES: """
        award_files.post award_files.print_slips bays.count bays.approve
        buyers.save buyers.erase buyers.agree campaigns.begin card_prints.record card_prints.print_at_counter
        cards.issue cards.hand_out cards.report_lost cards.report_found
        day.open_day day.check_serving day.close_day day.confirm_clock
        fund.income fund.spend fund.into_drawer fund.into_fund fund.count_drawer fund.bind
        household_pins.set_pin households.set_quiet households.set_state households.merge
        lists.export lists.take materials.refuse_banned new_goods.propose new_goods.approve paper.came_out
        people.add_keeper people.rename people.deactivate people.activate people.change_pin
        policy.publish printer.try_drawer receiving.receive receiving.send_back receiving.save_supplier
        recyclables.sell recyclables.hand_over redeem.redeem redeem.cancel reverse.reverse reverse.reprint
        scales.check scales.release scales.vouch services.save_provider services.offer
        settlements.settle settlements.name_household setup.load stock.write_off stock.ship
        stocktake.close_round stocktake.approve take_back.take_back
        vouchers.use vouchers.cancel vouchers.expire_overdue wanted.note wanted.strike weigh_in.weigh_in weigh_in.cancel
        """,
    CLERK: """
        closing.countersign erasure.erase_name freezing.release households.edit households.erase households.open_file
        """,
    AUDITOR: "disputes.close freezing.freeze inspections.sign",
    SEES: "disputes.record households.find households.look_at",
    ANYONE: "paper.print_report",
}


def modules() -> dict[str, ModuleType]:
    return {
        found.name: importlib.import_module(f"pos.counter.{found.name}")
        for found in pkgutil.iter_modules(pos.counter.__path__)
    }


def checked(module: ModuleType) -> dict[str, set[frozenset[Role]]]:
    """The public functions of a module that check signatures, with the roles that each call asks for."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    found: dict[str, set[frozenset[Role]]] = {}
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "check_signatures":
                    found.setdefault(function.name, set()).add(roles(module, call))
    return found


def roles(module: ModuleType, call: ast.Call) -> frozenset[Role]:
    """What a call of `check_signatures` asks for; whoever serves when it says nothing."""
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "roles"), None)
    if given is None:
        return SERVES
    assert isinstance(given, ast.Name), "roles stand in a constant of the module"
    wanted: frozenset[Role] = getattr(module, given.id)
    return wanted


def test_every_use_case_is_in_the_table() -> None:
    found = {
        f"{name}.{function}": wanted
        for name, module in modules().items()
        if name != "desk"
        for function, wanted in checked(module).items()
    }
    table = {name: {allowed} for allowed, names in MAY.items() for name in names.split()}
    assert found == table


ALONE = {"people.sign_in", "household_pins.check"}
"""What writes without anybody's signature: they count wrong PINs."""
BY_HELPER = {"campaigns.confirm"}
"""What checks its signatures in a helper, since it is a clerk alone or any two with a clerk among them."""


def test_nobody_writes_unsigned() -> None:
    unsigned = set()
    for name, module in modules().items():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for function in ast.parse(source).body:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                text = ast.unparse(function)
                if "store.write()" in text and "check_signatures(" not in text:
                    unsigned.add(f"{name}.{function.name}")
    assert unsigned == ALONE | BY_HELPER


def test_an_auditor_never_approves_and_never_serves() -> None:
    assert Role.AUDITOR not in SERVES
    with pytest.raises(NotPermitted):
        check_approval("02", "09", Role.AUDITOR)


def test_the_menu_offers_each_role_what_it_may() -> None:
    offered = {role: {item.name for group in menu.groups(role) for item in menu.items(group, role)} for role in Role}
    assert {"inspection", "frozen", "closes", "exceptions"} <= offered[Role.AUDITOR]
    assert not {"people", "receive", "settle", "ship"} & offered[Role.AUDITOR]
    assert "inspection" not in offered[Role.KEEPER] | offered[Role.CLERK]
    assert not {"exceptions", "frozen", "people"} & offered[Role.TECHNICIAN]


def test_no_group_has_more_than_nine_lines() -> None:
    for role in Role:
        assert len(menu.groups(role)) <= 9
        assert all(len(menu.items(group, role)) <= 9 for group in menu.groups(role))


def test_the_footer_hides_what_a_role_may_not() -> None:
    keeper = {key.key for key in keys.shown("home", Role.KEEPER)}
    auditor = {key.key for key in keys.shown("home", Role.AUDITOR)}
    assert {"f2", "f3", "f7"} <= keeper
    assert not {"f2", "f3", "f5", "f6", "f7"} & auditor
    assert {"f8", "f11", "f12"} <= auditor
