"""服务商对账: the vouchers that each provider has taken in since it was last paid, to hold against its own pile."""

from collections.abc import Sequence

from catalog.units import Fen
from pos.counter import services
from pos.storage.services import Provider
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class ProviderSettlementScreen(ListScreen[tuple[Provider, Fen]]):
    """Providers with what they are owed; Enter shows the list to sign. Paying is `pos.tui.screens.settle`."""

    TOPIC = "provider-settlement"

    def read(self) -> Sequence[tuple[Provider, Fen]]:
        """All of them."""
        return services.providers(self.till.station.desk)

    def row(self, item: tuple[Provider, Fen]) -> Row:
        """Name, telephone, what it is owed."""
        return Row(f"{left(item[0].name, 34)} {left(item[0].telephone, 16)}", str(item[1]))

    def opened(self, item: tuple[Provider, Fen]) -> None:
        """Enter: its list."""
        desk, by = self.till.station.desk, self.till.by
        self.ask(lambda: services.settlement_list(desk, by, item[0].code), self.till.show_paper)

    def summary(self) -> str:
        """What they are owed together."""
        return self.words("provider.owed", yuan=sum((due for _, due in self.items), Fen(0)))
