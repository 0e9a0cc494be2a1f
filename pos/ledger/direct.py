"""A terminal's questions answered without a network: the same functions that the API calls, with the same answers.

For what comes on a stick, and for whatever drives terminal and ledger in one process.
"""

import hmac
from collections.abc import Callable
from typing import assert_never

from pos.core import accounts, codec
from pos.ledger import cards, enrol, feed, heal, issued, keys, proofs, push
from pos.ledger.answers import Signed
from pos.ledger.refusals import Forbidden, LedgerRefused
from pos.ledger.service import Ledger
from pos.wire import messages
from pos.wire.calls import Call, Op, Reply
from pos.wire.feeds import Place
from pos.wire.messages import Status

_STATUS = {Status.OK: 200, Status.GAP: 409, Status.FORK: 409, Status.REJECTED: 422}


def answer(ledger: Ledger, call: Call) -> Reply:
    """The reply to one question."""
    try:
        return _answer(ledger, call, dict(call.query))
    except LedgerRefused as refused:
        return Reply(refused.status, codec.dumps({"code": refused.code, "fields": refused.fields}))


def _answer(ledger: Ledger, call: Call, numbers: dict[str, int]) -> Reply:
    of = (call.township, call.device, call.epoch)
    match call.op:
        case Op.ENROL:
            return _signed(enrol.enrol(ledger, call.body, call.signature))
        case Op.PUSH:
            answered = push.push(ledger, *of, call.body, call.signature)
            return Reply(_STATUS[answered.status], answered.answer.line, answered.answer.signature)
        case Op.REMIND:
            return _known(ledger, call, lambda _: _signed(heal.remind(ledger, *of, call.body, call.signature)))
        case Op.GRANTS:
            life, after, limit = numbers["life"], numbers["after"], numbers.get("limit", feed.MOST_RECORDS)
            return _known(ledger, call, lambda _: _signed(feed.grants(ledger, *of, life, after, limit)))
        case Op.REFERENCE:
            life, after, upto, limit = (numbers[name] for name in ("life", "after", "upto", "limit"))
            begin = Place(numbers["priority"], numbers["number"])
            return _known(ledger, call, lambda _: _signed(feed.reference(ledger, *of, life, after, upto, begin, limit)))
        case Op.CONSISTENCY:
            proof = proofs.consistency(ledger, call.township, numbers["first"], numbers["second"])
            return Reply(200, messages.dumps(proof))
        case Op.CARDS:
            return _known(ledger, call, lambda _: _signed(issued.take(ledger, *of, call.body, call.signature)))
        case Op.VISITOR:
            return _known(
                ledger,
                call,
                lambda by: Reply(200, messages.dumps(cards.look_up(ledger, call.township, call.card, by))),
            )
        case _:
            assert_never(call.op)


def _known(ledger: Ledger, call: Call, reply: Callable[[str], Reply]) -> Reply:
    """The reply to an installation that shows its token."""
    writer = accounts.writer(call.device, call.epoch)
    if not hmac.compare_digest(call.token.encode(), keys.token(ledger.key, call.township, writer).encode()):
        raise Forbidden("token")
    return reply(writer)


def _signed(found: Signed) -> Reply:
    return Reply(200, found.line, found.signature)
