"""重量异议: what our scale said and what the other one did; the tag for the goods is printed."""

from collections.abc import Sequence

from pos.core.disputes import Compared, Dispute
from pos.counter import disputes
from pos.counter.disputes import Doubted
from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class DisputeScreen(FormScreen):
    """Both readings of one load."""

    TOPIC = "dispute"

    def __init__(self, doubted: Doubted) -> None:
        super().__init__()
        self.doubted = doubted

    def parts(self) -> Sequence[Part[object]]:
        """Material, scale, both readings, and what it was compared with."""
        doubted = self.doubted
        compared = [(each.value, self.words(f"compared.{each}")) for each in Compared]
        return (
            parts.choice("material", doubted.materials),
            parts.choice("scale", [(scale, scale) for scale in doubted.scales]),
            parts.kilograms("own", initial=str(doubted.own) if doubted.own else ""),
            parts.kilograms("other"),
            parts.choice("compared", compared),
        )

    def comes_to(self, values: Values) -> str:
        """How far they are apart."""
        return self.words("dispute.difference", kg=values["other"] - values["own"])

    def finished(self, values: Values) -> None:
        """Write it down; the tag comes up."""
        desk, doubted = self.till.station.desk, self.doubted
        dispute = Dispute(
            doubted.household,
            doubted.ref,
            values["material"],
            values["scale"],
            values["own"],
            values["other"],
            Compared(values["compared"]),
        )
        self.commit(lambda by: disputes.record(desk, by, dispute), self.till.show_paper)
