"""入网: join the village ledger with a one-time code; in a store that has joined already, begin a new epoch."""

from collections.abc import Sequence
from contextlib import closing

from pos.core.entries import Signatures
from pos.sync import enrolment, renewal, ways
from pos.tui import parts, sync_jobs
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class JoinForm(FormScreen):
    """The ledger's address with the township, and the code."""

    TOPIC = "sync-join"

    def parts(self) -> Sequence[Part[str]]:
        """What the township's paper says."""
        return (parts.text("ledger-address", most=120), parts.text("ledger-code", most=40))

    def finished(self, values: Values) -> None:
        """`+`: enrol, and keep the address in the settings."""
        station, address, code = self.till.station, values["ledger-address"], values["ledger-code"]

        def join() -> None:
            base, township = ways.split_address(address)
            with closing(ways.pinned(station.store.folder, station.config.sync, base)) as transport:
                enrolment.enrol(station.store, transport, station.desk.clock, township, code)
            ways.remember(station.store.folder, base)

        sync_jobs.attempt(self, join, lambda _: self.till.reopen(self.words("sync.joined")))


class RenewForm(FormScreen):
    """The code for the next epoch; two people."""

    TOPIC = "sync-renew"

    def parts(self) -> Sequence[Part[str]]:
        """The code, as the township made it for this device."""
        return (parts.text("ledger-code", most=40),)

    def comes_to(self, values: Values) -> str:
        """What it means."""
        del values
        return self.words("sync.renew-means")

    def finished(self, values: Values) -> None:
        """`+`: a second person agrees, then the new epoch is begun and the till opened again."""
        self.till.approve(lambda by: self._renew(by, values["ledger-code"]))

    def _renew(self, by: Signatures, code: str) -> None:
        station = self.till.station

        def renew() -> None:
            with closing(ways.transport_of(station.store.folder, station.config.sync)) as transport:
                renewal.renew(station.store, transport, station.desk.clock, by, code)

        sync_jobs.attempt(self, renew, lambda _: self.till.reopen(self.words("sync.renewed")))
