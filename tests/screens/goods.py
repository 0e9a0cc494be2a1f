"""What a keeper does with forms, lists and papers of goods."""

from pos.core.sheets import Sheet
from pos.tui.form import FormScreen
from pos.tui.screens.choose import Choose
from pos.tui.screens.sheet import SheetScreen
from tests.screens.conftest import Till


async def fill(till: Till, **values: str) -> None:
    """Type into the lines of the form in front, whose names have `-` where Python has `_`, and finish it."""
    form = till.app.screen
    assert isinstance(form, FormScreen)
    for name, text in values.items():
        form.set_focus(form.query_one(f"#part-{name.replace('_', '-')}"))
        await till.press(*text)
    await till.press("plus")


async def paper(till: Till) -> Sheet:
    """The paper that comes up."""
    await till.comes("sheet")
    screen = till.app.screen
    assert isinstance(screen, SheetScreen)
    return screen.sheet


async def choose(till: Till, name: str, group: str = "stock") -> None:
    """Choose a screen of a group in the menu."""
    await till.press("f11")
    await till.comes("choose")
    await pick(till, till.app.words(f"menu.{group}"))
    await till.until(lambda: till.text("#question") == till.app.words(f"menu.{group}"))
    await pick(till, till.app.words(f"menu.{name}"))


async def pick(till: Till, text: str) -> None:
    """Press the digit of a choice."""
    screen = till.app.screen
    assert isinstance(screen, Choose)
    (place,) = [place for place, (_, label) in enumerate(screen.choices, 1) if label == text]
    await till.press(str(place))


def rows(till: Till) -> str:
    """What the list in front shows."""
    return str(till.app.screen.query_one("#lines").render())
