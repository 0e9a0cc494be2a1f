"""服务: what can be redeemed beside goods, and who gives it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.goods import Service
from catalog.units import Fen, Points
from pos.counter import services
from pos.counter.services import Offer
from pos.storage.services import Provider
from pos.tui import parts
from pos.tui.closing_form import close
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

_CODE = re.compile(r"[a-z0-9-]{1,24}")


class ServicesScreen(ListScreen[Offer]):
    """The services; Enter edits one, F5 adds one, F6 lists who came."""

    NAME = "service-list"
    TOPIC = "services"

    def read(self) -> Sequence[Offer]:
        """All of them."""
        return services.offers(self.till.station.desk)

    def row(self, item: Offer) -> Row:
        """Code, name, provider, price."""
        cost = self.words("ticket.no-price") if item.points is None else str(item.points)
        text = f"{left(item.service.code.upper(), 6)} {left(item.service.name, 26)} {left(item.provider, 20)}"
        return Row(text, right(cost, 9))

    def opened(self, item: Offer) -> None:
        """Enter: edit it."""
        self._edit(item)

    def action_add(self) -> None:
        """F5: a new one."""
        self._edit(None)

    def action_attendance(self) -> None:
        """F6: who came to the chosen service."""
        desk, by, item = self.till.station.desk, self.till.by, self.current
        if item is not None:
            self.ask(lambda: services.attendance(desk, by, item.service.code), self.till.show_paper)

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()

    def _edit(self, item: Offer | None) -> None:
        desk = self.till.station.desk
        self.ask(
            lambda: {each.code: each for each, _ in services.providers(desk)},
            lambda known: self.till.push_screen(ServiceForm(item, known)),
        )


class ServiceForm(FormScreen):
    """One service with its price; two people."""

    TOPIC = "service"

    def __init__(self, offer: Offer | None, providers: Mapping[str, Provider]) -> None:
        super().__init__()
        self.offer, self.providers = offer, providers

    def parts(self) -> Sequence[Part[Any]]:
        """Code, name, unit, who gives it, what it costs whom, and places a day."""
        before = self.offer.service if self.offer else None
        points = self.offer.points if self.offer else None
        return (
            code_part(before.code if before else ""),
            parts.text("name", initial=before.name if before else ""),
            parts.text("unit", initial=before.unit if before else self.words("service.unit"), most=8),
            parts.found(
                "provider", self.providers.get, lambda each: each.name, initial=before.provider if before else ""
            ),
            parts.points("points", initial=str(points) if points is not None else ""),
            parts.yuan("service-cost", initial=str(Fen(before.cost_fen)) if before else ""),
            parts.whole("places", 0, 99, initial=str(before.places) if before else "0"),
        )

    def comes_to(self, values: Values) -> str:
        """What the points mean here."""
        return self.words("service.attended") if values["points"] == Points(0) else ""

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, fen = self.till.station.desk, values["service-cost"]
        service = Service(
            values["code"],
            values["name"],
            values["provider"].code,
            fen.amount,
            values["unit"],
            places=values["places"],
        )
        self.commit(
            lambda by: services.offer(desk, by, service, values["points"]),
            lambda _: close(self, self.words("service.saved")),
        )


class ProvidersScreen(ListScreen[tuple[Provider, Fen]]):
    """Who gives services."""

    NAME = "edit-list"
    TOPIC = "providers"

    def read(self) -> Sequence[tuple[Provider, Fen]]:
        """All of them."""
        return services.providers(self.till.station.desk)

    def row(self, item: tuple[Provider, Fen]) -> Row:
        """Code, name, telephone."""
        return Row(f"{left(item[0].code, 14)} {left(item[0].name, 34)}", item[0].telephone)

    def opened(self, item: tuple[Provider, Fen]) -> None:
        """Enter: edit it."""
        self.till.push_screen(ProviderForm(item[0]))

    def action_add(self) -> None:
        """F5: a new one."""
        self.till.push_screen(ProviderForm(Provider("", "", "")))

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()


class ProviderForm(FormScreen):
    """One provider; two people."""

    TOPIC = "provider"

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider

    def parts(self) -> Sequence[Part[Any]]:
        """Code, name, telephone."""
        before = self.provider
        return (
            code_part(before.code),
            parts.text("name", initial=before.name),
            parts.text("telephone", initial=before.telephone, optional=True, most=20),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk = self.till.station.desk
        provider = Provider(values["code"], values["name"], values["telephone"] or "")
        self.commit(
            lambda by: services.save_provider(desk, by, provider),
            lambda _: close(self, self.words("provider.saved")),
        )


def code_part(known: str) -> Part[Any]:
    """The line for a code; that of something that is there stays."""
    return parts.choice("code", [(known, known)]) if known else Part("code", _code, most=24)


def _code(typed: str) -> str | Wrong:
    text = typed.lower()
    return text if _CODE.fullmatch(text) else Wrong("form.not-a-slip")
