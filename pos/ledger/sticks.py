"""Files that stores bring on a stick: answered as their questions would be over the network, and sealed for the store.

The questions count only when the installation that they name signed them; then feeds are followed to their ends, and
what a checkpoint needs to be believed is added. What is raised is a `LedgerRefused`.
"""

from dataclasses import replace

from pos.core import accounts
from pos.core.codec import CodecError
from pos.ledger import direct, keys, proofs, rights
from pos.ledger.refusals import Forbidden, Invalid
from pos.ledger.service import Ledger
from pos.wire import messages, signing, sticks
from pos.wire.calls import Call, Op, Reply
from pos.wire.feeds import GrantsPage, ReferencePage
from pos.wire.messages import PushAnswer
from pos.wire.sticks import Questions

MOST_PAGES = 10_000


def answer(ledger: Ledger, data: bytes) -> bytes:
    """The file that answers the file of a store."""
    found = _read(ledger, data)
    sender, size = found.sender, found.sender.size
    writer = accounts.writer(sender.device, sender.epoch)
    token = keys.token(ledger.key, sender.township, writer)
    pairs: list[tuple[Call, Reply]] = []
    for asked in found.calls:
        call: Call | None = replace(asked, token=token)
        while call is not None and len(pairs) < MOST_PAGES:
            reply = direct.answer(ledger, call)
            if call.op is Op.PUSH and reply.signature:
                newest = messages.loads(PushAnswer, reply.body).checkpoint.size
                if 0 < size < newest:
                    pairs.append(_shown(ledger, call, size, newest))
                size = newest
            pairs.append((replace(call, token=""), reply))
            call = _next(call, reply)
    return sticks.answers(sender, found.line, pairs)


def _read(ledger: Ledger, data: bytes) -> Questions:
    try:
        found = sticks.read_questions(data)
        signature = messages.hex_bytes(found.signature, 64)
    except CodecError as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    sender = found.sender
    with ledger.read() as connection:
        row = rights.epoch_of(connection, sender.township, sender.device, sender.epoch)
    if not signing.signed(signing.REQUEST, found.line, signature, row.key):
        raise Forbidden("signature")
    return found


def _shown(ledger: Ledger, call: Call, first: int, second: int) -> tuple[Call, Reply]:
    query = (("first", first), ("second", second))
    proof = messages.dumps(proofs.consistency(ledger, call.township, first, second))
    return Call(Op.CONSISTENCY, call.township, call.device, call.epoch, query=query), Reply(200, proof)


def _next(call: Call, reply: Reply) -> Call | None:
    """The question that a store would ask next, once it has taken this page over."""
    if not reply.signature:
        return None
    match call.op:
        case Op.GRANTS:
            grants = messages.loads(GrantsPage, reply.body)
            last = grants.records[-1].number if grants.records else grants.after
            if last < grants.head:
                return replace(call, query=(("life", grants.life), ("after", last)))
            if grants.next_life != grants.life:
                return replace(call, query=(("life", grants.next_life), ("after", 0)))
            return None
        case Op.REFERENCE:
            page = messages.loads(ReferencePage, reply.body)
            if page.done:
                return None
            names = ("life", "after", "upto", "priority", "number")
            at = (page.life, page.after, page.upto, page.end.priority, page.end.number)
            limit = dict(call.query)["limit"]
            return replace(call, query=(*zip(names, at, strict=True), ("limit", limit)))
        case _:
            return None
