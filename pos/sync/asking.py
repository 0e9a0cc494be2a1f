"""While online: points for a household that holds too few of them here, and whose card a stranger shows."""

from catalog.units import Points
from pos.clock import Clock
from pos.core import accounts, cards
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.cards import Card
from pos.core.codec import CodecError
from pos.core.entries import Signatures
from pos.core.households import Household
from pos.core.refusals import CardForged, CardUnknown
from pos.core.rights import Ask
from pos.core.sync_refusals import GrantRefused, GrantUnanswered
from pos.core.transfers import Books, Decision
from pos.storage import books, registry, rows, township_rows
from pos.storage import tables as t
from pos.storage.store import Store
from pos.sync.errors import LedgerSays, SyncError, Untrusted
from pos.sync.session import Session
from pos.wire import messages
from pos.wire.calls import Op, Transport
from pos.wire.cards import Visitor


def ask(store: Store, transport: Transport, clock: Clock, by: Signatures, household: str, lacking: Points) -> Points:
    """Ask for `lacking` points more here; what the household can spend here then.

    Raises `GrantRefused` when the ledger granted less, `GrantUnanswered` when it could not be asked.
    """
    session = _session(store, transport, clock)
    with store.write() as tx:
        wanted = _held(tx.books([(accounts.points(household, tx.writer), POINTS)]), household, tx.writer) + lacking
        tx.append(session.link.now(), by, Decision(Ask(household, lacking), ()))
    try:
        session.run()
    except SyncError as error:
        raise unanswered(error) from error
    with store.read() as connection:
        writer = store.identity.writer
        here = books.peek(connection, writer, [(accounts.points(household, writer), POINTS)])
    held = _held(here, household, writer)
    if held < wanted:
        raise GrantRefused(points=held)
    return held


def visit(store: Store, transport: Transport, clock: Clock, by: Signatures, text: str) -> None:
    """Ask whose card this is, and keep the household with its masked name, so that it can be served here.

    Raises `CardUnknown` when the ledger knows no such card, `CardForged` when its village made no such QR code,
    `GrantUnanswered` when it could not be asked.
    """
    session, number = _session(store, transport, clock), cards.read(text).number
    here = session.link
    try:
        reply = here.ask(here.call(Op.VISITOR, card=text))
        found = messages.loads(Visitor, reply.body)
    except LedgerSays as error:
        if error.code == "card-forged":
            raise CardForged() from None
        if error.code == "card-unknown":
            raise CardUnknown() from None
        raise unanswered(error) from error
    except SyncError as error:
        raise unanswered(error) from error
    except CodecError as error:
        raise unanswered(Untrusted("answer-unsigned")) from error
    with store.write() as tx:
        if registry.household(tx.connection, found.household) is None:
            stranger = Household(found.household, found.masked, "", 0, found.state, "")
            row = registry.household_row(stranger)
            rows.save(tx.connection, t.households, [row])
            act = Act(ActCode.REFERENCE, str(t.households.name), digest=rows.digest([row]))
            tx.append(here.now(), by, Decision(act, ()))
        held = registry.cards_of(tx.connection, found.household)
        version = max((card.version for card in held if card.number != number), default=0) + 1
        township_rows.put_card(tx.connection, Card(number, found.household, version, found.card_state))


def unanswered(error: SyncError) -> GrantUnanswered:
    """What somebody at the counter is told when the ledger could not be asked."""
    return GrantUnanswered(why=error.code)


def _session(store: Store, transport: Transport, clock: Clock) -> Session:
    try:
        return Session(store, transport, clock)
    except SyncError as error:
        raise unanswered(error) from error


def _held(here: Books, household: str, writer: str) -> Points:
    return Points(here.of(accounts.points(household, writer), POINTS))
