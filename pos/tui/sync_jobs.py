"""What screens ask of the sync: points for a household, and files to and from a stick."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from catalog.units import Points
from pos.core.households import Household
from pos.core.refusals import Refused
from pos.tui import parts
from pos.tui.base import Front, Tone
from pos.tui.messages import Told
from pos.tui.number import NumberDialog

if TYPE_CHECKING:
    from pos.storage.sync_state import SyncState

T = TypeVar("T")

MOST_CHOICES = 9


def ask_points(front: Front[None], household: Household, again: Callable[[], object]) -> None:
    """Ask the ledger for points that this household lacks here; `again` shows what it has then."""
    till, words = front.till, front.words
    syncing, by = till.station.syncing, till.by
    if syncing is None or till.sync is None or not till.sync.enrolled:
        front.say(words("sync.alone"), Tone.REFUSED)
        return

    def parse(text: str) -> Points | None:
        value = parts.points("points").value(text)
        return value if isinstance(value, Points) and value.amount > 0 else None

    def told(answer: Points | Refused) -> None:
        if isinstance(answer, Points):
            again()
            till.say(words("sync.granted", points=answer), Tone.GOOD)
        elif front.is_attached:
            front.refuse(answer)

    def asked(lacking: Points | None) -> None:
        if lacking is not None:
            front.say(words("sync.asking"), Tone.WAIT)
            syncing.ask(by, household.number, lacking, lambda answer: till.post_message(Told(lambda: told(answer))))

    dialog = NumberDialog(words("sync.how-many"), words("unit.points"), parse, words("form.not-a-figure"))
    till.push_screen(dialog, asked)


def to_stick(front: Front[None]) -> None:
    """Write what the ledger lacks to a stick."""

    def write(volume: str) -> None:
        from pos.sync import sticks

        desk = front.till.station.desk
        attempt(
            front,
            lambda: sticks.export(desk.store, desk.clock, Path(volume)),
            lambda path: front.say(front.words("sync.written", file=path.name), Tone.GOOD),
        )

    def found(volumes: list[str]) -> None:
        _choose(front, volumes, front.words("sync.which-stick"), write)

    front.ask(_volumes, found)


def from_stick(front: Front[None], then: "Callable[[SyncState], object]") -> None:
    """Take the ledger's answers from a stick over."""

    def take(file: str) -> None:
        from pos.sync import sticks

        desk = front.till.station.desk
        attempt(front, lambda: sticks.take(desk.store, desk.clock, Path(file)), then)

    def found(files: list[str]) -> None:
        _choose(front, files, front.words("sync.which-file"), take)

    front.ask(_files, found)


def attempt(front: Front[None], do: "Callable[[], T]", then: "Callable[[T], object]") -> None:
    """Do it off the screen's thread, and say what the sync itself refuses."""
    from pos.sync.errors import SyncError
    from pos.sync.wording import explained

    def do_it() -> "T | SyncError":
        try:
            return do()
        except SyncError as error:
            return error

    def went(result: "T | SyncError") -> None:
        if isinstance(result, SyncError):
            detail = " ".join(map(str, result.fields.values()))
            front.say(explained(front.words, result.code, detail), Tone.REFUSED)
        else:
            then(result)

    front.ask(do_it, went)


def _choose(front: Front[None], found: list[str], title: str, then: Callable[[str], object]) -> None:
    if found:
        front.till.choose(title, [(each, each) for each in found[:MOST_CHOICES]], then)
    else:
        front.say(front.words("sync.no-stick"), Tone.REFUSED)


def _volumes() -> list[str]:
    from pos.sync import sticks

    return [str(volume) for volume in sticks.volumes()]


def _files() -> list[str]:
    from pos.sync import sticks

    return [str(file) for volume in sticks.volumes() for file in sorted(volume.glob(f"*{sticks.SUFFIX_DOWN}"))]
