"""收购商: who takes materials away; Enter edits one, shows the contract prices, or forgets the name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.materials import Material
from catalog.units import Fen
from pos.counter import buyers, materials
from pos.storage.buyers import FOREVER, Buyer, Contract
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_CODE = re.compile(r"[a-z0-9-]{1,24}")


class BuyersScreen(ListScreen[Buyer]):
    """The list; F5 adds one."""

    NAME = "edit-list"
    TOPIC = "buyers"

    def read(self) -> Sequence[Buyer]:
        """All of them."""
        return buyers.everyone(self.till.station.desk)

    def row(self, item: Buyer) -> Row:
        """Code, name, plate, what they are."""
        kind = self.words(f"buyer.{item.kind}")
        text = f"{left(item.code, 8)} {left(item.name, 26)} {left(item.plate, 12)} {left(kind, 12)}"
        return Row(f"{text}{item.licence}", item.telephone, "" if item.active else "reversed")

    def opened(self, item: Buyer) -> None:
        """Enter: what to do with one."""
        jobs = ["edit", *(["prices"] if item.kind == buyers.DEALER else []), "erase"]
        choices = [(job, self.words(f"buyer.{job}")) for job in jobs]
        self.till.choose(item.name or item.code, choices, lambda job: self._do(job, item))

    def _do(self, job: str, item: Buyer) -> None:
        desk = self.till.station.desk
        match job:
            case "edit":
                self.till.push_screen(BuyerForm(item))
            case "prices":
                self.ask(
                    lambda: {each.material.code: each.material for each in materials.everything(desk)},
                    lambda known: self.till.push_screen(ContractsScreen(item, known)),
                )
            case _:
                self.till.confirm(
                    self.words("buyer.ask-erase", name=item.name),
                    lambda: self.commit(lambda by: buyers.erase(desk, by, item.code), lambda _: self._erased()),
                )

    def _erased(self) -> None:
        self.say(self.words("buyer.erased"), Tone.GOOD)
        self.read_anew()

    def action_add(self) -> None:
        """F5: a new one."""
        self.till.push_screen(BuyerForm(None))

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()


class BuyerForm(FormScreen):
    """One dealer or collector."""

    TOPIC = "buyer"

    def __init__(self, buyer: Buyer | None) -> None:
        super().__init__()
        self.buyer = buyer

    def parts(self) -> Sequence[Part[Any]]:
        """Code, name, plate, telephone, licence; the code of one that is there stays."""
        words, old = self.words, self.buyer or Buyer("", "", "", "", "", buyers.DEALER)
        code: Part[Any] = Part("code", _code, most=24)
        kinds = [(kind, words(f"buyer.{kind}")) for kind in (buyers.DEALER, buyers.COLLECTOR)]
        return (
            code if self.buyer is None else parts.choice("code", [(old.code, old.code)]),
            parts.text("name", initial=old.name, most=30),
            parts.choice("buyer-kind", kinds, initial=old.kind),
            parts.text("plate", initial=old.plate, optional=True, most=12),
            parts.text("telephone", initial=old.telephone, optional=True, most=20),
            parts.text("licence", initial=old.licence, optional=True, most=30),
            parts.choice(
                "still-comes", [("1", words("answer.yes")), ("0", words("answer.no"))], initial=str(int(old.active))
            ),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk = self.till.station.desk
        buyer = Buyer(
            values["code"],
            values["name"],
            values["plate"] or "",
            values["telephone"] or "",
            values["licence"] or "",
            values["buyer-kind"],
            values["still-comes"] == "1",
        )
        self.commit(lambda by: buyers.save(desk, by, buyer), lambda _: self.dismiss())


class ContractsScreen(ListScreen[tuple[Contract, Material]]):
    """The prices that one dealer agreed to, the newest of each material first; F5 agrees a new one."""

    NAME = "edit-list"
    TOPIC = "contracts"

    def __init__(self, buyer: Buyer, known: Mapping[str, Material]) -> None:
        super().__init__()
        self.buyer, self.known = buyer, known

    def read(self) -> Sequence[tuple[Contract, Material]]:
        """All of them."""
        return buyers.contracts(self.till.station.desk, self.buyer.code)

    def row(self, item: tuple[Contract, Material]) -> Row:
        """Material, days, price; what has run out stands as such."""
        contract, material = item
        until = "" if contract.until == FOREVER else contract.until.isoformat()
        text = f"{left(material.name, 20)} {contract.effective} - {until}"
        over = contract.until < self.till.station.desk.today()
        return Row(text, str(Fen(contract.fen)), "reversed" if over else "")

    def opened(self, item: tuple[Contract, Material]) -> None:
        """Enter: a new price of the same material."""
        self.till.push_screen(ContractForm(self.buyer, self.known, item[1].code))

    def action_add(self) -> None:
        """F5: a price of a material."""
        self.till.push_screen(ContractForm(self.buyer, self.known))

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()


class ContractForm(FormScreen):
    """One price from a day on; two people."""

    TOPIC = "contract"

    def __init__(self, buyer: Buyer, known: Mapping[str, Material], material: str = "") -> None:
        super().__init__()
        self.buyer, self.known, self.material = buyer, known, material

    def parts(self) -> Sequence[Part[Any]]:
        """Material, price, first and last day."""
        today = self.till.station.desk.today().isoformat()
        return (
            parts.found(
                "material",
                lambda typed: self.known.get(typed.lower()),
                lambda each: f"{each.code.upper()} {each.name}",
                initial=self.material,
            ),
            parts.yuan("contract-price"),
            parts.day("effective", initial=today),
            parts.day("until", optional=True),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk = self.till.station.desk
        contract = Contract(
            self.buyer.code,
            values["material"].code,
            values["effective"],
            values["until"] or FOREVER,
            values["contract-price"].amount,
        )
        self.commit(lambda by: buyers.agree(desk, by, contract), lambda _: self.dismiss())


def _code(typed: str) -> str | Wrong:
    text = typed.lower()
    return text if _CODE.fullmatch(text) else Wrong("form.not-a-slip")
