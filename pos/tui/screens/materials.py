"""品类: what each material is paid for, whether it is taken, and its limits; what Enter changes holds at once."""

from collections.abc import Sequence
from typing import Any

from catalog.materials import Material, ScaleClass
from catalog.units import Grams
from pos.core.bins import percent
from pos.counter import campaigns, materials
from pos.counter.campaigns import Standing
from pos.counter.materials import Kept
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.lines import unit_price
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_NONE = "none"


class MaterialsScreen(ListScreen[Kept]):
    """Every material in the order of the keeper's grid."""

    TOPIC = "materials"

    def read(self) -> Sequence[Kept]:
        """All of them."""
        return materials.everything(self.till.station.desk)

    def row(self, item: Kept) -> Row:
        """Code, name, price, limits."""
        words, material = self.words, item.material
        limit = materials.limit_of(material)
        said = [
            words("materials.limit", limit=limit) if limit is not None else "",
            words("materials.tolerance", share=percent(material.tolerance)),
            material.campaign,
        ]
        text = f"{left(material.code.upper(), 5)} {left(material.name, 18)} {left(' '.join(filter(None, said)), 28)}"
        paused = f" {words('weigh.paused')}" if material.paused else ""
        return Row(text + paused, unit_price(words, item.price), "refused" if material.paused else "")

    def opened(self, item: Kept) -> None:
        """Enter: what to do with one."""
        job = "resume" if item.material.paused else "pause"
        choices = [(each, self.words(f"materials.{each}")) for each in (job, "limits", "notice")]
        self.till.choose(item.material.name, choices, lambda chosen: self._do(chosen, item.material))

    def _do(self, job: str, material: Material) -> None:
        desk, by = self.till.station.desk, self.till.by
        match job:
            case "limits":
                self.ask(
                    lambda: campaigns.everything(desk),
                    lambda known: self.till.push_screen(MaterialForm(material, known)),
                )
            case "notice":
                self.till.show_paper(materials.notice(desk, by, material))
            case _:
                paused = job == "pause"
                self.commit(
                    lambda signed: materials.pause(desk, signed, material.code, paused=paused),
                    lambda _: self._changed(material, paused=paused),
                )

    def _changed(self, material: Material, *, paused: bool) -> None:
        if paused:
            self.say(self.words("materials.paused", item=material.name), Tone.WAIT)
        else:
            self.say(self.words("materials.resumed", item=material.name), Tone.GOOD)
        self.read_anew()


class MaterialForm(FormScreen):
    """Limits of one material; two people."""

    TOPIC = "material"

    def __init__(self, material: Material, known: list[Standing]) -> None:
        super().__init__()
        self.material, self.known = material, known

    def parts(self) -> Sequence[Part[Any]]:
        """Daily limit, tolerance, campaign, metal."""
        words, old = self.words, self.material
        running = [(_NONE, words("materials.no-campaign")), *((s.campaign.code, s.campaign.name) for s in self.known)]
        limit = "" if old.daily_limit is None else str(materials.limit_of(old))
        daily: Part[Any] = (
            parts.whole("daily-pieces", 1, 99_999, initial=limit, optional=True)
            if old.scale is ScaleClass.COUNT
            else parts.kilograms("daily-kg", initial=limit, optional=True)
        )
        return (
            daily,
            parts.yuan("tolerance", initial=percent(old.tolerance)),
            parts.choice("campaign", running, initial=old.campaign or _NONE),
            parts.choice("metal", [("0", words("answer.no")), ("1", words("answer.yes"))], initial=str(int(old.metal))),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, code = self.till.station.desk, self.material.code
        limit = values.get("daily-pieces", values.get("daily-kg"))
        most = limit.amount if isinstance(limit, Grams) else limit
        tolerance, metal = min(10_000, values["tolerance"].amount), values["metal"] == "1"
        campaign = "" if values["campaign"] == _NONE else values["campaign"]
        self.commit(
            lambda by: materials.decide(desk, by, code, most, tolerance, campaign, metal=metal),
            lambda _: self.dismiss(),
        )
