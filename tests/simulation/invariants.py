"""What must hold of a world: at every step, and once everything was heard. Numbers are those of the protocol."""

import json
import shutil
from collections import Counter
from typing import Any

from pos.core import journal
from pos.core.accounts import LEDGER, Account
from pos.ledger import tables as t
from pos.storage.verify import verify
from tests.simulation.faults import Fuse
from tests.simulation.terminal import Terminal
from tests.simulation.world import World
from tests.storage.busy import altering
from tests.storage.test_flips import cell

FLOORED = ("pts:", "pend:", "move:", "hold:", "vch:")
SENT = ("move:", "way:")
"""Accounts that others put into: a device's own books lack what it has not been told of."""
Fold = Counter[tuple[str, str]]

_COVERED = (
    ("journal", "bytes"), ("journal", "hash"), ("journal", "wall"), ("transfers", "quantity"), ("balances", "quantity"),
    ("taken", "quantity"), ("feed_records", "line"), ("feed_records", "before"), ("installation", "certificate"),
)  # fmt: skip
"""What a bit is turned round in."""

_NEVER = {
    "SELECT commodity, sum(quantity) FROM balances GROUP BY commodity HAVING sum(quantity) <> 0": "I1",
    "SELECT account, quantity FROM balances WHERE quantity < 0 AND substr(account, 1, instr(account, ':')) IN"
    " ('pts:', 'pend:', 'move:', 'hold:', 'vch:')": "I2",
    "SELECT account, quantity FROM balances WHERE quantity > 0 AND account LIKE 'debt:%'": "I2",
    "SELECT e.device, e.epoch, e.head_seq FROM epochs e WHERE e.head_seq <> (SELECT count(*) FROM journal j"
    " WHERE j.township = e.township AND j.writer = e.device || '.' || e.epoch"
    " AND j.seq BETWEEN 1 AND e.head_seq)": "I8",
}
"""What a query of the ledger's rows must never find, and the rule that it would break."""


def at_every_step(world: World) -> None:
    """Sums and floors at the ledger (I1, I2), and no number left out (I8); the terminals' own are their database's."""
    with world.ledger.read() as connection:
        for sql, rule in _NEVER.items():
            found = connection.exec_driver_sql(sql).all()
            assert not found, f"{rule} {found}"


def at_rest(world: World) -> None:
    """Both sides agree, nothing was missed, and every point is accounted for (I3, I4, I6, I7, I10, I12, I14)."""
    balances = world.town.balances()
    for till in world.tills.values():
        own = {
            key: n for key, n in till.balances().items()
            if _of(key, till.writer) and n and not key[0].startswith(SENT)
        }  # fmt: skip
        there = {key: n for key, n in balances.items() if _of(key, till.writer) and n and not key[0].startswith("way:")}
        assert own == there, "I6"
        rows = sorted((row.seq, row.bytes, row.hash) for row in world.town.rows(t.journal) if row.writer == till.writer)
        assert rows == till.lines(), "I4"
        told = {row.digest for row in world.town.rows(t.feed_records) if row.feed == till.writer}
        taken = till.records()
        assert len(set(taken)) == len(taken), "I12"
        assert told <= set(taken) or world.restored, "I14"
        _check_refold(till)
    _check_taken(world)
    _check_writers(world)
    _check_totals(world)
    _check_taken_back(world)
    _check_forks(world)


def of_every_byte(world: World) -> None:
    """Every disk is verified whole, and one bit of it that is turned round is found: I10, I11."""
    for till in (*world.tills.values(), *world.shadows):
        found = verify(till.folder)
        assert found.wrong is None, f"I10 {found.wrong}"
        till.reopen()
        if till.lines():
            _check_flip(world, till)


def _check_flip(world: World, till: Terminal) -> None:
    """A bit of an entry, a transfer or a balance: in a copy, whose triggers do not know of it."""
    copy = till.copied(world.folder / "flipped", Fuse())
    copy.close()
    table, column = world.random.choice(_COVERED)
    with altering(copy.folder) as file:
        rows = file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        if rows:
            where, key, value = cell(file, table, column, world.random.randrange(rows))
            file.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (_flipped(world, value), *key))
    assert not rows or verify(copy.folder).wrong is not None, f"I11 {table} {column}"
    shutil.rmtree(copy.folder)


def _flipped(world: World, value: Any) -> bytes | int:
    if isinstance(value, int):
        return value ^ 1 << world.random.randrange(8)
    return world.network.damaged(value)


def _check_taken(world: World) -> None:
    """What the ledger took is what a device wrote: I4."""
    strange = [
        (row.writer, row.seq)
        for row in world.town.rows(t.journal)
        if row.writer != LEDGER and row.hash not in world.written[row.writer].get(row.seq, ())
    ]
    assert not strange, f"I4 {strange}"


def _check_refold(till: Terminal) -> None:
    """The disk's chain is whole, and its bytes are its balances: I10."""
    digest, fold = till.store.installation.genesis, Fold()
    for seq, line, kept in till.lines():
        digest = journal.chained(digest, line)
        assert (digest, json.loads(line)["s"]) == (kept, seq), "I10"
        _post(fold, line)
        short = [key for key, n in fold.items() if n < 0 and key[0].startswith("pts:") and _of(key, till.writer)]
        assert not short, f"I2 after {json.loads(line)['s']}: {short}"
    for key, n in till.balances().items():
        if key[0].startswith(("pts:", "spent:", "issue:", "debt:")) and _of(key, till.writer):
            assert fold[key] == n, f"I10 {key}"


def _check_writers(world: World) -> None:
    """The journals' bytes are the ledger's balances, and a source is its author's or a closed epoch's: I3, I10."""
    ended = {f"{row.device}.{row.epoch}" for row in world.town.rows(t.epochs) if row.state != "open"}
    fold = Fold()
    for row in world.town.rows(t.journal):
        for source, *_ in _post(fold, row.bytes) if row.posted else ():
            owner = source.rpartition("@")[2]
            assert owner == row.writer or (row.writer == LEDGER and owner in ended), "I3"
    assert {key: n for key, n in fold.items() if n} == {key: n for key, n in world.town.balances().items() if n}, "I10"


def _check_totals(world: World) -> None:
    """Each household has what it earned, was awarded and got back less what it spent, wherever it lies now: I1."""
    expected: Counter[str] = Counter()
    posted = [row for row in world.town.rows(t.journal) if row.posted]
    entries = {(row.writer, row.seq): json.loads(row.bytes) for row in posted}
    for (writer, _), entry in entries.items():
        if entry["k"] in _WORTH:
            expected[entry["household"]] += _worth(entry)
        elif entry["k"] == "reverse":
            expected[entry["household"]] -= _worth(entries[writer, entry["ref"]])
    there: Counter[str] = Counter()
    for (account, _), quantity in world.town.balances().items():
        if account.startswith(("pts:", "pend:", "move:", "hold:", "debt:")):
            there[account.partition(":")[2].partition("@")[0]] += quantity
    assert there == expected, "I1"


_WORTH = {"award": 1, "weigh": 1, "redeem": -1, "take-back": 1, "voucher": 0}


def _worth(entry: dict[str, Any]) -> int:
    """What a household got by an entry, or spent."""
    if entry["k"] == "voucher":
        return sum(n for source, *_, n in entry["x"] if source.startswith("spent:service@"))
    return _WORTH[entry["k"]] * int(entry["points"])


def _check_taken_back(world: World) -> None:
    """Nothing is reversed twice, and no more comes back than was handed out or paid: I13."""
    for till in world.tills.values():
        entries = {entry["s"]: entry for entry in (json.loads(line) for _, line, _ in till.lines())}
        undone = Counter(entry["ref"] for entry in entries.values() if entry["k"] == "reverse")
        assert all(n == 1 for n in undone.values()), f"I13 {undone}"
        for ref in {entry["ref"] for entry in entries.values() if entry["k"] == "take-back"}:
            back = [each for each in entries.values() if each["k"] == "take-back" and each["ref"] == ref]
            sale = entries[ref]
            pieces = Counter({line["good"]: line["quantity"] for line in sale["lines"]})
            for line in (line for each in back for line in each["lines"]):
                pieces[line["good"]] -= line["quantity"]
            assert ref not in undone, f"I13 {ref}"
            assert min(pieces.values()) >= 0, f"I13 {ref}"
            for what in ("points", "cash"):
                assert sum(each[what] for each in back) <= sale[what], f"I13 {ref} {what}"


def _check_forks(world: World) -> None:
    """What was spent on branches that were refused, or after a release, is all in the device's shortage: I7."""
    journals: dict[str, dict[int, bytes]] = {}
    late: Counter[str] = Counter()
    for row in world.town.rows(t.journal):
        journals.setdefault(row.writer, {})[row.seq] = row.hash
        if not row.posted:
            late[row.writer.partition(".")[0]] += _spent(row.bytes)
    refused = {
        (till.writer, digest)
        for till in (*world.tills.values(), *world.shadows)
        for seq, _, digest in till.lines()
        if journals.get(till.writer, {}).get(seq) != digest
    }
    # A disk that was heard of may be gone since: what it said is kept all the same.
    kept = {(row.writer, row.hash) for row in world.town.rows(t.forks)}
    assert refused <= kept, "I7: evidence"
    for device in {till.identity.device for till in world.tills.values()}:
        borne = sum(_spent(world.lines[digest]) for writer, digest in kept if writer.startswith(f"{device}."))
        shortage = world.town.balance(Account("gone", f"shortage-{device}", LEDGER))
        assert shortage == borne + late[device], f"I7: {shortage} of {borne} and {late[device]}"


def _of(key: tuple[str, str], writer: str) -> bool:
    return key[0].endswith(f"@{writer}")


def _spent(line: bytes) -> int:
    return sum(n for _, to, _, n in json.loads(line)["x"] if to.startswith("spent:"))


def _post(fold: Fold, line: bytes) -> list[tuple[str, str, str, int]]:
    moves: list[tuple[str, str, str, int]] = json.loads(line)["x"]
    for source, destination, commodity, quantity in moves:
        fold[source, commodity] -= quantity
        fold[destination, commodity] += quantity
    return moves
