"""Who this store file belongs to."""

from dataclasses import dataclass

from pos.core import accounts


@dataclass(frozen=True, slots=True)
class Identity:
    """What is decided when a store is set up; `device` and `epoch` name the writer of every account here."""

    store: str
    """Short code on paper: `LT01`."""
    name: str
    village: str
    telephone: str
    """Where villagers complain; on every receipt."""
    device: str
    epoch: int
    utc_offset_minutes: int

    @property
    def writer(self) -> str:
        """The writer's name in every account of this installation."""
        return accounts.writer(self.device, self.epoch)


@dataclass(frozen=True, slots=True)
class Installation:
    """An identity with its self-signed certificate and the hash its journal starts from."""

    identity: Identity
    certificate: bytes
    signature: bytes
    genesis: bytes
