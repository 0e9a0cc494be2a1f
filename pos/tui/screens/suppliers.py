"""供应商: who sells to the store, by the code that the books name them with."""

import re
from collections.abc import Sequence
from typing import Any

from pos.counter import receiving
from pos.storage.deliveries import Supplier
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_CODE = re.compile(r"(?!k-)[a-z0-9-]{1,24}")
"""Part of an account's name; `k-` begins a keeper's own."""


class SuppliersScreen(ListScreen[Supplier]):
    """The list; Enter edits one, F5 adds one."""

    NAME = "edit-list"
    TOPIC = "suppliers"

    def read(self) -> Sequence[Supplier]:
        """All of them."""
        return receiving.suppliers(self.till.station.desk)

    def row(self, item: Supplier) -> Row:
        """Code, name, telephone."""
        return Row(f"{left(item.code, 14)} {left(item.name, 36)}", item.telephone)

    def opened(self, item: Supplier) -> None:
        """Enter: edit it."""
        self.till.push_screen(SupplierForm(item))

    def action_add(self) -> None:
        """F5: a new one."""
        self.till.push_screen(SupplierForm(Supplier("", "", "")))

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        if not self.items:
            self.read_anew()


class SupplierForm(FormScreen):
    """One supplier."""

    TOPIC = "supplier"

    def __init__(self, supplier: Supplier) -> None:
        super().__init__()
        self.supplier = supplier

    def parts(self) -> Sequence[Part[Any]]:
        """Code, name, telephone; the code of one that is there stays."""
        before = self.supplier
        code: Part[Any] = Part("code", _code, before.code, most=24)
        if before.code:
            code = parts.choice("code", [(before.code, before.code)])
        return (
            code,
            parts.text("name", initial=before.name),
            parts.text("telephone", initial=before.telephone, optional=True, most=20),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk = self.till.station.desk
        supplier = Supplier(values["code"], values["name"], values["telephone"] or "")
        self.commit(lambda by: receiving.save_supplier(desk, by, supplier), lambda _: self._saved())

    def _saved(self) -> None:
        till = self.till
        self.dismiss()
        if till.front is not None:
            till.front.say(self.words("suppliers.saved"), Tone.GOOD)


def _code(typed: str) -> str | Wrong:
    text = typed.lower()
    return text if _CODE.fullmatch(text) else Wrong("form.not-a-slip")
