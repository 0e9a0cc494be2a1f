"""Enrolment: an operator hands out a one-time code; an installation shows it with its key, and is countersigned.

Epoch 0 is a store that ran alone: its code says so, its journal is taken in whole, and nothing is granted before it is
approved. Any other epoch follows only when the device's earlier ones are closed. The same request again, after a lost
answer, is answered the same.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos.core import accounts, codec, journal
from pos.core.codec import CodecError
from pos.core.journal import Certificate
from pos.ledger import answers, audit, keys, rights, townships
from pos.ledger import tables as t
from pos.ledger.answers import Signed
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Forbidden, Invalid, NotFound
from pos.ledger.service import Ledger
from pos.wire import messages, sealing, signing
from pos.wire.messages import AnotherVersion, Enrolled, Enrolment, EnrolRequest, Limits

VALID_MS = 7 * 24 * 3_600_000
"""How long a code may be used."""

_DEVICE = re.compile(r"[a-z0-9-]{1,15}")
"""Shorter than a part of an account's name, which also says `shortage-DEVICE`."""
_MOST_EPOCH = 10**9
_COUNTERS = (
    "head_seq", "head_wall", "device_head", "feed_cursor", "reference_cursor", "minted_day", "minted_points",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """What a one-time code allows: an installation at `store`, of a certain `device` when it replaces one."""

    store: str
    device: str | None = None
    alone: bool = False
    """Whether it is for a store that ran alone, as epoch 0."""
    limits: Limits = Limits()  # noqa: RUF009 - frozen


def make_code(ledger: Ledger, township: str, allowed: Code, by: str) -> str:
    """A code to hand to the store, shown once. Raises `NotFound` for an unknown store."""
    code = keys.new_code()

    def work(act: Act) -> None:
        townships.require_store(act, allowed.store)
        act.connection.execute(
            insert(t.codes).values(
                township=township,
                digest=keys.digest_of_code(code),
                store=allowed.store,
                device=allowed.device,
                alone=int(allowed.alone),
                limits=messages.dumps(allowed.limits),
                made=act.now,
                expires=act.now + VALID_MS,
            )
        )
        audit.note(act.connection, township, act.now, by, "code", allowed.store, allowed.device or "")

    ledger.act(township, work)
    return code


def enrol(ledger: Ledger, line: bytes, signature: str) -> Signed:
    """Countersign an installation. Raises `Invalid`, `Forbidden`, `NotFound` or `Conflict`."""
    request, certificate = _checked(line, signature)
    return ledger.act(request.township, lambda act: _enrol(ledger, act, request, certificate, answers.digest(line)))


def approve(act: Act, device: str, by: str) -> None:
    """Accept what a store that ran alone has brought: from now on points are granted there. Raises `NotFound`."""
    c = t.epochs.c
    where = (c.township == act.township, c.device == device, c.epoch == 0)
    if not act.connection.execute(update(t.epochs).where(*where).values(approved=act.now)).rowcount:
        raise NotFound("device-unknown", device=device)
    audit.note(act.connection, act.township, act.now, by, "approve", accounts.writer(device, 0))


def _checked(line: bytes, signature: str) -> tuple[EnrolRequest, Certificate]:
    try:
        request = messages.loads(EnrolRequest, line)
        proof = messages.hex_bytes(request.signature, 64)
        certificate = signing.read_certificate(bytes.fromhex(request.certificate), proof)
        over = messages.hex_bytes(signature, 64)
    except AnotherVersion as error:
        raise Invalid("version", found=str(error)) from None
    except (CodecError, ValueError) as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    if certificate is None or not signing.signed(signing.REQUEST, line, over, certificate.key):
        raise Forbidden("signature")
    if codec.dumps(codec.plain(certificate)) != bytes.fromhex(request.certificate) or certificate.v != 1:
        raise Invalid("malformed", detail="certificate")
    if not _DEVICE.fullmatch(certificate.device) or not 0 <= certificate.epoch < _MOST_EPOCH:
        raise Invalid("malformed", detail="device")
    return request, certificate


def _enrol(ledger: Ledger, act: Act, request: EnrolRequest, certificate: Certificate, re: str) -> Signed:
    writer = accounts.writer(certificate.device, certificate.epoch)
    code = _admitted(act, request, certificate, writer)
    if code.used_by is None:
        _check_succession(act, certificate)
        enrolment = _countersign(act, request, certificate, code)
        where = (t.codes.c.township == act.township, t.codes.c.digest == code.digest)
        act.connection.execute(update(t.codes).where(*where).values(used_by=writer))
        audit.note(act.connection, act.township, act.now, writer, "enrol", certificate.store)
        if certificate.epoch:
            rights.welcome(act, certificate.store)
    else:
        enrolment = _countersigned(act, request, certificate)
    checkpoint, checkpoint_signature = answers.checkpoint(act)
    token = keys.token(ledger.key, act.township, writer)
    return answers.answer(
        Enrolled(
            messages.VERSION,
            re,
            messages.loads(Enrolment, enrolment.line),
            enrolment.signature,
            ledger.public_key,
            sealing.public_of(keys.sealing(ledger.key)),
            token,
            checkpoint,
            checkpoint_signature,
        ),
        ledger.key,
    )


def _admitted(act: Act, request: EnrolRequest, certificate: Certificate, writer: str) -> Row[Any]:
    where = (t.codes.c.township == act.township, t.codes.c.digest == keys.digest_of_code(request.code))
    code = act.connection.execute(select(t.codes).where(*where)).one_or_none()
    if code is None or (code.used_by is None and code.expires < act.now):
        raise Forbidden("code-unknown")
    if code.used_by not in (None, writer):
        raise Forbidden("code-used")
    fits = code.store == certificate.store and code.device in (None, certificate.device)
    if not fits or bool(code.alone) is not (certificate.epoch == 0):
        raise Forbidden("code-for-another")
    return code


def _check_succession(act: Act, certificate: Certificate) -> None:
    c = t.epochs.c
    query = select(c.epoch, c.store, c.state).where(c.township == act.township, c.device == certificate.device)
    earlier = act.connection.execute(query).all()
    if any(row.store != certificate.store or row.epoch >= certificate.epoch for row in earlier):
        raise Conflict("device-taken", device=certificate.device)
    if any(row.state == "open" for row in earlier):
        raise Conflict("epoch-open", device=certificate.device)
    # What was handed on waits in the feed of the very next epoch.
    if earlier and max(row.epoch for row in earlier) + 1 != certificate.epoch:
        raise Conflict("epoch-skipped", device=certificate.device)


def _countersign(act: Act, request: EnrolRequest, certificate: Certificate, code: Row[Any]) -> Signed:
    genesis = journal.genesis(bytes.fromhex(request.certificate))
    enrolment = Enrolment(
        messages.VERSION,
        act.township,
        certificate.store,
        certificate.device,
        certificate.epoch,
        certificate.key,
        genesis.hex(),
        messages.loads(Limits, code.limits),
        act.now,
    )
    line = messages.dumps(enrolment)
    countersignature = signing.sign(signing.ENROLMENT, line, act.key)
    act.connection.execute(
        insert(t.epochs).values(
            township=act.township,
            device=certificate.device,
            epoch=certificate.epoch,
            store=certificate.store,
            state="open",
            approved=None if code.alone else act.now,
            stopped="",
            key=certificate.key,
            genesis=genesis,
            certificate=bytes.fromhex(request.certificate),
            signature=bytes.fromhex(request.signature),
            enrolment=line,
            countersignature=countersignature,
            head_hash=genesis,
            **dict.fromkeys(_COUNTERS, 0),
            seen=act.now,
        )
    )
    return Signed(line, countersignature.hex())


def _countersigned(act: Act, request: EnrolRequest, certificate: Certificate) -> Signed:
    c = t.epochs.c
    where = (c.township == act.township, c.device == certificate.device, c.epoch == certificate.epoch)
    row = act.connection.execute(select(t.epochs).where(*where)).one()
    if row.certificate.hex() != request.certificate:
        raise Forbidden("code-used")
    return Signed(row.enrolment, row.countersignature.hex())
