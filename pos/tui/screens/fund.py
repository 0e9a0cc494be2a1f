"""运营资金: what each source holds and may be spent on; Enter takes money in, pays it out, moves or binds it."""

from collections.abc import Sequence
from typing import Any

from catalog.units import Fen
from pos.core.fund import Source, Use
from pos.core.sheets import Sheet
from pos.counter import fund
from pos.counter.fund import COUNT_REASONS, Purse
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_NONE = "none"
_SPENT = (Use.GOODS, Use.SERVICE, Use.RENT, Use.WAGE, Use.REPAIR, Use.OTHER)


class FundScreen(ListScreen[Source]):
    """Every source of the fund."""

    TOPIC = "fund"

    def __init__(self) -> None:
        super().__init__()
        self.purse: Purse | None = None

    def read(self) -> Sequence[Source]:
        """All of them."""
        self.purse = fund.purse(self.till.station.desk)
        return list(Source)

    def row(self, item: Source) -> Row:
        """A source, what it is bound to, and what it holds."""
        bound = self.purse.uses.get(item, ()) if self.purse else ()
        uses = " ".join(self.words(f"sheet.use-{use}") for use in bound)
        said = self.words("fund.only-for", uses=uses) if uses else ""
        return Row(f"{left(self.words(f'sheet.source-{item}'), 16)} {said}", str(self._held(item)))

    def summary(self) -> str:
        """The whole fund, and the drawer."""
        if self.purse is None:
            return ""
        return self.words("fund.summary", total=self.purse.total, drawer=self.purse.drawer)

    def opened(self, item: Source) -> None:
        """Enter: what to do with it."""
        jobs = [*([] if item is Source.MATERIAL else ["income"]), "spend", "to-drawer", "from-drawer", "bind"]
        choices = [(job, self.words(f"fund.{job}")) for job in jobs]
        self.till.choose(self.words(f"sheet.source-{item}"), choices, lambda job: self._do(job, item))

    def _do(self, job: str, item: Source) -> None:
        match job:
            case "income":
                self.till.push_screen(IncomeForm(item))
            case "spend":
                self.till.push_screen(SpendForm(item, self._held(item)))
            case "bind":
                self.till.push_screen(BindForm(item, self.purse.uses.get(item, ()) if self.purse else ()))
            case _:
                self.till.push_screen(MoveForm(item, back=job == "from-drawer"))

    def _held(self, item: Source) -> Fen:
        return self.purse.fund[item] if self.purse else Fen(0)


class MoneyForm(FormScreen):
    """A form whose entry has a paper."""

    def done(self, sheet: Sheet) -> None:
        """Show the paper in the form's place."""
        till = self.till
        self.dismiss()
        till.show_paper(sheet)


class IncomeForm(MoneyForm):
    """Money given to the fund."""

    TOPIC = "fund-income"

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def parts(self) -> Sequence[Part[Any]]:
        """Amount, who gives it, what for."""
        return (
            parts.yuan("amount"),
            parts.text("giver", optional=True, most=30),
            parts.text("memo", optional=True, most=40),
        )

    def comes_to(self, values: Values) -> str:
        """Into which source."""
        return self.words("fund.into", source=self.words(f"sheet.source-{self.source}"), amount=values["amount"])

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, source = self.till.station.desk, self.source
        amount, giver, memo = values["amount"], values["giver"] or "", values["memo"] or ""
        self.commit(lambda by: fund.income(desk, by, source, amount, giver, memo), self.done)


class SpendForm(MoneyForm):
    """Money paid out of the fund; two people."""

    TOPIC = "fund-spend"

    def __init__(self, source: Source, held: Fen) -> None:
        super().__init__()
        self.source, self.held = source, held

    def parts(self) -> Sequence[Part[Any]]:
        """Amount, use, who gets it, what for."""
        return (
            parts.yuan("amount"),
            parts.choice("use", [(use.value, self.words(f"sheet.use-{use}")) for use in _SPENT]),
            parts.text("payee", optional=True, most=30),
            parts.text("memo", optional=True, most=40),
        )

    def comes_to(self, values: Values) -> str:
        """What is left of the source then."""
        left_over = self.held - values["amount"]
        if left_over < Fen(0):
            return self.words("refused.money-short", available=self.held, amount=values["amount"])
        return self.words("fund.left", source=self.words(f"sheet.source-{self.source}"), amount=left_over)

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, source, use, amount = self.till.station.desk, self.source, Use(values["use"]), values["amount"]
        payee, memo = values["payee"] or "", values["memo"] or ""
        self.commit(lambda by: fund.spend(desk, by, source, use, amount, payee, memo), self.done)


class MoveForm(FormScreen):
    """Money between a source and the drawer."""

    TOPIC = "fund-move"

    def __init__(self, source: Source, *, back: bool) -> None:
        super().__init__()
        self.source, self.back = source, back

    def parts(self) -> Sequence[Part[Any]]:
        """How much."""
        return (parts.yuan("amount"),)

    def comes_to(self, values: Values) -> str:
        """From where to where."""
        source = self.words(f"sheet.source-{self.source}")
        if self.back:
            return self.words("fund.back", source=source, amount=values["amount"])
        return self.words("fund.out", source=source, amount=values["amount"])

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, source, amount = self.till.station.desk, self.source, values["amount"]
        move = fund.into_fund if self.back else fund.into_drawer
        self.commit(lambda by: move(desk, by, source, amount), lambda _: self.dismiss())


class BindForm(FormScreen):
    """What a source may be spent on; two people. With no at every line it is bound to nothing."""

    TOPIC = "fund-bind"

    def __init__(self, source: Source, bound: Sequence[str]) -> None:
        super().__init__()
        self.source, self.bound = source, bound

    def parts(self) -> Sequence[Part[Any]]:
        """A line a use."""
        answers = [("no", self.words("answer.no")), ("yes", self.words("answer.yes"))]
        return tuple(
            parts.choice(f"use-{use}", answers, initial="yes" if use.value in self.bound else "no") for use in Use
        )

    def comes_to(self, values: Values) -> str:
        """What that means."""
        uses = " ".join(self.words(f"sheet.use-{use}") for use in Use if values[f"use-{use}"] == "yes")
        return self.words("fund.only-for", uses=uses) if uses else self.words("fund.anything")

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, source = self.till.station.desk, self.source
        allowed = tuple(use for use in Use if values[f"use-{use}"] == "yes")
        self.commit(lambda by: fund.bind(desk, by, source, allowed), lambda _: self.dismiss())


class CountDrawerForm(FormScreen):
    """点钞: the drawer as it is counted; what the books say is told afterwards."""

    TOPIC = "count-drawer"

    def parts(self) -> Sequence[Part[Any]]:
        """Yuan, and why it differs."""
        reasons = [(_NONE, self.words("fund.no-reason")), *((r, self.words(f"reason.{r}")) for r in COUNT_REASONS)]
        return parts.yuan("counted"), parts.choice("difference-reason", reasons)

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, counted, reason = self.till.station.desk, values["counted"], values["difference-reason"]
        reason = "" if reason == _NONE else reason
        self.commit(lambda by: fund.count_drawer(desk, by, counted, reason), self._counted)

    def _counted(self, difference: Fen) -> None:
        if not difference:
            self.say(self.words("fund.counted-right"), Tone.GOOD)
        elif difference < Fen(0):
            self.say(self.words("fund.counted-short", amount=-difference), Tone.WAIT)
        else:
            self.say(self.words("fund.counted-over", amount=difference), Tone.WAIT)
