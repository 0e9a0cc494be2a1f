"""收购商: dealers and their contract prices, and licensed collectors of what is hazardous."""

from sqlalchemy import Connection

from catalog.materials import Material
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.refusals import MaterialUnknown
from pos.core.selling import BuyerUnknown, ContractDates, Unlicensed
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import buyers, catalogue, erasure, keys, rows
from pos.storage import tables as t
from pos.storage.buyers import Buyer, Contract
from pos.storage.rows import digest

KEEPS_BUYERS = SERVES
"""Who may put buyers and their prices on the list; prices take two people."""

DEALER, COLLECTOR = "dealer", "collector"


def everyone(desk: Desk, kind: str | None = None) -> list[Buyer]:
    """Every buyer and collector by code; of one kind, and only those who still come, when asked."""
    with desk.store.read() as connection:
        found = buyers.buyers(connection).values()
    return [each for each in found if kind is None or (each.kind == kind and each.active)]


def save(desk: Desk, by: Signatures, buyer: Buyer) -> None:
    """Put a buyer on the list, or change what it says of one; the journal holds a salted hash."""
    row = {
        "code": buyer.code,
        "name": buyer.name,
        "plate": buyer.plate,
        "telephone": buyer.telephone,
        "licence": buyer.licence,
        "kind": buyer.kind,
        "active": int(buyer.active),
    }
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=KEEPS_BUYERS)
        rows.save(tx.connection, t.buyers, [row])
        known = digest([row, keys.new_salt()])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "buyers", digest=known), ()))


def erase(desk: Desk, by: Signatures, code: str) -> None:
    """Forget a buyer's name, plate and telephone, in the list, behind entries and on kept papers; two people."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=KEEPS_BUYERS)
        known = find(tx.connection, code)
        erasure.forget_party(tx.connection, (known.name, known.plate, known.telephone))
        blank = {"code": code, "name": "", "plate": "", "telephone": "", "licence": "", "kind": known.kind, "active": 0}
        rows.save(tx.connection, t.buyers, [blank])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "buyers", reason="erased"), ()))


def agree(desk: Desk, by: Signatures, contract: Contract) -> None:
    """A price that a buyer pays from a day on; two people. Raises `ContractDates`."""
    if contract.until < contract.effective:
        raise ContractDates()
    row = {
        "buyer": contract.buyer,
        "material": contract.material,
        "effective": contract.effective.isoformat(),
        "until": contract.until.isoformat(),
        "fen": contract.fen,
    }
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=KEEPS_BUYERS)
        find(tx.connection, contract.buyer)
        if contract.material not in catalogue.materials(tx.connection):
            raise MaterialUnknown(material=contract.material)
        rows.save(tx.connection, t.contracts, [row])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "contracts", digest=digest([row])), ()))


def contracts(desk: Desk, buyer: str) -> list[tuple[Contract, Material]]:
    """All prices a buyer ever agreed to with their materials, the newest of each first."""
    with desk.store.read() as connection:
        materials = catalogue.materials(connection)
        return [(each, materials[each.material]) for each in buyers.contracts(connection, buyer)]


def prices(desk: Desk, buyer: str) -> dict[str, int]:
    """Fen per kilogram or piece that a buyer's contract says today."""
    with desk.store.read() as connection:
        return buyers.prices(connection, buyer, desk.today())


def find(connection: Connection, code: str, kind: str | None = None) -> Buyer:
    """Who this is. Raises `BuyerUnknown`; `Unlicensed` for a collector without a licence on the list."""
    found = buyers.buyers(connection).get(code)
    if found is None or not found.active or kind not in (None, found.kind):
        raise BuyerUnknown(code=code)
    if kind == COLLECTOR and not found.licence:
        raise Unlicensed(name=found.name)
    return found
