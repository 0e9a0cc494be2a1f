"""人员 at the till: taken on with a PIN of their own, renamed, gone and back; two people each time."""

from pos.core.people import Role
from pos.counter import people
from pos.tui.screens.people import NewPin, PeopleScreen
from tests.screens.conftest import Till
from tests.shop import AUDITOR, KEEPER


async def people_screen(till: Till) -> None:
    await till.sign_in()
    till.app.open_screen(PeopleScreen)
    await till.comes("people")
    await till.idle()


async def new_pin(till: Till, first: str, again: str) -> None:
    await till.until(lambda: isinstance(till.app.screen, NewPin) and till.app.screen.is_mounted)
    await till.press(*first, "enter", *again, "enter")


async def test_somebody_new(till: Till) -> None:
    await people_screen(till)
    await till.press("plus")
    await till.comes("form")
    await till.press(*"03", "enter", *"zhao", "plus")
    await new_pin(till, "7319", "7391")
    await till.says("people.not-the-same")
    await new_pin(till, "7319", "7319")
    await till.approve()
    await till.comes("people")
    found = people.sign_in(till.desk, "03", "7319")
    assert (found.name, found.role) == ("zhao", Role.KEEPER)


async def test_a_weak_pin(till: Till) -> None:
    await people_screen(till)
    await till.press("down", "down", "enter")
    await till.comes("choose")
    await till.press("2")
    await new_pin(till, "1234", "1234")
    await till.says("refused.pin-weak")


async def test_another_name(till: Till) -> None:
    await people_screen(till)
    await till.press("down", "down", "enter")
    await till.comes("choose")
    await till.press("1")
    await till.comes("form")
    await till.press("a", "plus")
    await till.approve()
    await till.comes("people")
    assert {each.number: each.name for each in people.everybody(till.desk)}[AUDITOR] == "周审a"


async def test_gone_and_back(till: Till) -> None:
    await people_screen(till)
    for active in (False, True):
        await till.press("down", "down", "enter")
        await till.comes("choose")
        await till.press("3")
        await till.approve()
        await till.says("people.done")
        assert {each.number: each.active for each in people.everybody(till.desk)}[AUDITOR] is active


async def test_nobody_leaves_who_is_needed(till: Till) -> None:
    await people_screen(till)
    await till.press("down", "enter")
    await till.comes("choose")
    assert KEEPER in till.text("#question")
    await till.press("3")
    await till.approve()
    await till.says("refused.too-few-serve", least=2)
