"""A ledger restored from its own backup: what it has forgotten comes back from the records that devices keep.

After a restore every feed begins a new life, so that no number is given twice. A device then shows the signed records
that it accepted; those that the ledger does not know are posted again, what is not there any more owed by the household
at the ledger. Only then does the device send its journal again. What is raised is a `LedgerRefused`.
"""

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from pos.core import accounts, entries, rights
from pos.core.accounts import LEDGER, POINTS
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.epochs import Close
from pos.core.rights import Grant
from pos.core.transfers import Decision, touched
from pos.ledger import answers, asked, audit, records
from pos.ledger import rights as standing
from pos.ledger import tables as t
from pos.ledger.answers import Signed
from pos.ledger.books import Act
from pos.ledger.refusals import Forbidden, Invalid
from pos.ledger.service import Ledger
from pos.wire import messages, signing
from pos.wire.feeds import Remembered, Reminded, Reminder
from pos.wire.records import REFERENCE, chained, signed_part, start


def restored(ledger: Ledger, township: str, by: str) -> None:
    """Begin a new life of every feed, before anything else is done with a ledger that comes from its backup."""

    def work(act: Act) -> None:
        c = t.epochs.c
        lives = act.connection.execute(select(c.device, c.epoch).where(c.township == township)).all()
        for each in lives:
            _new_life(act, accounts.writer(*each))
        _renumber(act)
        audit.note(act.connection, township, act.now, by, "restored", township)

    ledger.act(township, work)


def remind(ledger: Ledger, township: str, device: str, epoch: int, line: bytes, signature: str) -> Signed:
    """Post again what a device's signed records show that the ledger has forgotten; the signed answer."""
    reminder = asked.read(ledger, Reminder, township, device, epoch, line, signature)
    found = _checked(reminder, ledger.public_key)

    def work(act: Act) -> Signed:
        try:
            # After a release the epoch takes no posting: what was spent there comes as a late tail.
            found_here = [] if _released(act, device, epoch) else found
            posted = _remember(act, accounts.writer(device, epoch), found_here)
        except CodecError as error:
            raise Invalid("malformed", detail=str(error)[:80]) from None
        newest = records.head(act.connection, township, accounts.writer(device, epoch)).life
        return answers.answer(Reminded(messages.VERSION, answers.digest(line), posted, newest), ledger.key)

    return ledger.act(township, work)


def _checked(reminder: Reminder, key: str) -> list[tuple[Remembered, bytes]]:
    """The records with their digests: each one signed by this ledger, following the one before."""
    feed, found = accounts.writer(reminder.device, reminder.epoch), []
    try:
        digest, life = messages.hex_bytes(reminder.before, 32), None
        for each in reminder.records:
            if life not in (None, each.life):
                digest = start(reminder.township, feed, each.life)
            digest, life = chained(digest, each.line.encode()), each.life
            covered = signed_part(reminder.township, feed, each.life, each.number, digest)
            if not signing.signed(signing.RECORD, covered, messages.hex_bytes(each.signature, 64), key):
                raise Forbidden("record", number=each.number)
            found.append((each, digest))
    except CodecError as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    return found


def _remember(act: Act, feed: str, found: Sequence[tuple[Remembered, bytes]]) -> int:
    """Post the records that are unknown here, and tell in a new life what was told under their numbers meanwhile."""
    unknown = [(each, digest) for each, digest in found if not _known(act, feed, digest)]
    displaced: list[bytes] = []
    for each, digest in unknown:
        displaced += [] if displaced else _told_since(act, feed, each)
        _post(act, entries.decode(each.line.encode()))
        _keep(act, feed, each, digest)
    head = records.head(act.connection, act.township, feed)
    if any(each.life >= head.life for each, _ in unknown):
        _new_life(act, feed, max(each.life for each, _ in unknown))
    for line in displaced:
        records.append(act, feed, line)
    if unknown:
        audit.note(act.connection, act.township, act.now, feed, "reminded", feed, str(len(unknown)))
    return len(unknown)


def _released(act: Act, device: str, epoch: int) -> bool:
    return bool(standing.epoch_of(act.connection, act.township, device, epoch).state == "released")


def _post(act: Act, entry: Entry) -> None:
    match entry.body:
        case Grant() as granted:
            points, debt = (kind(granted.household, LEDGER) for kind in (accounts.points, accounts.debt))
            act.write(rights.grant_again(granted, act.books([(points, POINTS), (debt, POINTS)])))
            standing.note_told(act, granted.household, granted.device, granted.target.amount)
        case Close(closed=closed):
            device, _, epoch = closed.rpartition(".")
            c = t.epochs.c
            here = (c.township == act.township, c.device == device, c.epoch == int(epoch), c.state == "open")
            act.connection.execute(update(t.epochs).where(*here).values(state="closed"))
            books = act.books(touched(entry.transfers))
            # A voucher whose issue was forgotten, too, was in the lost tail of the closed epoch.
            there = [m for m in entry.transfers if m.source.kind != "vch" or books.of(m.source, m.commodity) > 0]
            act.write(Decision(entry.body, tuple(there)), author=closed)
        case _:
            raise Invalid("record")


def _known(act: Act, feed: str, digest: bytes) -> bool:
    c, e = t.feed_records.c, t.evidence.c
    record = select(c.number).where(c.township == act.township, c.feed == feed, c.digest == digest)
    kept = select(e.found).where(e.township == act.township, e.digest == digest)
    return any(act.connection.execute(query).first() is not None for query in (record, kept))


def _told_since(act: Act, feed: str, each: Remembered) -> list[bytes]:
    """Lines of the records that this ledger gave the same numbers."""
    c = t.feed_records.c
    here = (c.township == act.township, c.feed == feed, c.life == each.life, c.number >= each.number)
    return list(act.connection.execute(select(c.line).where(*here).order_by(c.number)).scalars())


def _keep(act: Act, feed: str, each: Remembered, digest: bytes) -> None:
    """Keep a record where it belongs, or as evidence when another one has its number."""
    c = t.feed_records.c
    here = (c.township == act.township, c.feed == feed, c.life == each.life, c.number == each.number)
    line, signature = each.line.encode(), bytes.fromhex(each.signature)
    kept = {"township": act.township, "digest": digest, "signature": signature}
    if act.connection.execute(select(c.number).where(*here)).first() is None:
        row = {**kept, "feed": feed, "life": each.life, "number": each.number, "line": line}
        act.connection.execute(insert(t.feed_records).values(**row))
    else:
        row = {**kept, "writer": feed, "reason": "record", "found": act.now, "batch": line}
        act.connection.execute(insert(t.evidence).values(**row))


def _renumber(act: Act) -> None:
    """Of reference data the newest rows stay, with their numbers; a terminal begins anew in the next life."""
    life = max(records.head(act.connection, act.township, REFERENCE).life + 1, act.now)
    here = (t.feeds.c.township == act.township, t.feeds.c.feed == REFERENCE)
    if not act.connection.execute(update(t.feeds).where(*here).values(life=life)).rowcount:
        _new_life(act, REFERENCE)


def _new_life(act: Act, feed: str, after: int = 0) -> None:
    """Begin a life that no other ledger from the same backup has begun: numbered by the clock, in ms."""
    life = max(records.head(act.connection, act.township, feed).life + 1, after + 1, act.now)
    values = {"life": life, "number": 0, "digest": start(act.township, feed, life)}
    here = (t.feeds.c.township == act.township, t.feeds.c.feed == feed)
    if not act.connection.execute(update(t.feeds).where(*here).values(**values)).rowcount:
        act.connection.execute(insert(t.feeds).values(township=act.township, feed=feed, **values))
