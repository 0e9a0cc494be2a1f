"""Both feeds as terminals pull them: nothing left out, nothing foreign, the most urgent first; on both engines."""

import pytest

from pos.core.cards import CardState
from pos.core.households import HouseholdState
from pos.ledger import cards, feed, heal, registry, rights
from pos.ledger import tables as t
from pos.ledger.refusals import Invalid, NotFound
from pos.ledger.registry import Resident
from pos.wire import messages, signing
from pos.wire.feeds import Place, ReferencePage, ReferenceRow
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, TOWNSHIP, Device, Town

VILLAGE, OTHER = H1[:12], "990101101201"
ELSEWHERE = f"{OTHER}0001"


@pytest.fixture
def village(town: Town) -> Town:
    """Two villages with people; both stores of the township lie in the first."""
    registry.add_villages(town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村"), (OTHER, "清溪村")], "op")
    people = [Resident(H1, "孙珍兰", "一组", 4, None), Resident(H2, "李兴贵", "一组", 5, None)]
    people.append(Resident(ELSEWHERE, "周福", "一组", 2, None))
    assert registry.put_households(town.ledger, TOWNSHIP, people, "op") == []
    return town


class Reader:
    """A terminal as far as reference data goes."""

    def __init__(self, town: Town, device: Device) -> None:
        self.town, self.device = town, device
        self.life, self.after = 1, 0
        self.rows: dict[tuple[str, str], ReferenceRow] = {}

    def page(self, upto: int = 0, begin: Place = Place(0, 0), limit: int = 1000) -> ReferencePage:  # noqa: B008 - frozen
        """One page, its signature checked."""
        device, ledger = self.device, self.town.ledger
        where = (TOWNSHIP, device.name, device.epoch)
        found = feed.reference(ledger, *where, self.life, self.after, upto, begin, limit)
        assert signing.signed(signing.ANSWER, found.line, bytes.fromhex(found.signature), ledger.public_key)
        return messages.loads(ReferencePage, found.line)

    def pull(self, limit: int = 1000, at_page: int = 0) -> list[ReferenceRow]:
        """Take over what is new, page by page; on page `at_page` somebody changes something at the ledger."""
        upto, begin, taken, number = 0, Place(0, 0), list[ReferenceRow](), 0
        while True:
            page = self.page(upto, begin, limit)
            if page.life != self.life:
                self.life, self.rows = page.life, {}
            taken += page.rows
            self.rows.update({(row.kind, row.code): row for row in page.rows})
            number += 1
            if number == at_page:
                registry.put_households(self.town.ledger, TOWNSHIP, [Resident(H1, "孙兰", "二组", 3, None)], "op")
            upto, begin = page.upto, page.end
            if page.done:
                self.after = page.upto
                return taken


def test_the_most_urgent_comes_first_and_foreign_villages_not_at_all(village: Town) -> None:
    card, _ = cards.issue(village.ledger, TOWNSHIP, H1, "op")
    reader = Reader(village, village.device())
    assert [(row.kind, row.code.partition("-")[0]) for row in reader.pull()] == [
        ("card", card.number),
        ("household", H1),
        ("household", H2),
        ("card-key", "H1"),
    ]
    assert reader.pull() == []
    cards.report_lost(village.ledger, TOWNSHIP, card.number, "op")
    (row,) = reader.pull()
    assert (row.code, f'"state":"{CardState.LOST.value}"' in (row.value or "")) == (card.number, True)


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_pages_miss_nothing_though_rows_change_between_them(village: Town, limit: int) -> None:
    cards.issue(village.ledger, TOWNSHIP, H1, "op")
    cards.issue(village.ledger, TOWNSHIP, H2, "op")
    reader = Reader(village, village.device())
    reader.pull(limit, at_page=1)
    reader.pull(limit)
    fresh = Reader(village, reader.device)
    fresh.pull()
    assert reader.rows == fresh.rows
    assert '"head":"孙兰"' in (reader.rows["household", H1].value or "")


def test_who_was_away_for_long_pulls_no_more_than_who_is_new(village: Town) -> None:
    reader = Reader(village, village.device())
    for persons in range(1, 20):
        registry.put_households(village.ledger, TOWNSHIP, [Resident(H1, "孙珍兰", "一组", persons, None)], "op")
    assert len(reader.pull()) == 2


def test_a_van_is_told_about_a_village_from_the_day_it_serves_it(village: Town) -> None:
    van = Reader(village, village.device("XH02"))
    van.pull()
    registry.add_route(village.ledger, TOWNSHIP, "XH02", OTHER, "op")
    assert [row.code for row in van.pull()] == [ELSEWHERE]


def test_an_erased_name_is_nowhere(village: Town) -> None:
    reader = Reader(village, village.device())
    reader.pull()
    registry.set_state(village.ledger, TOWNSHIP, H2, HouseholdState.CLOSED, "op", "moved away")
    registry.erase(village.ledger, TOWNSHIP, H2, "op")
    assert [(row.code, row.value) for row in reader.pull()] == [(H2, None)]
    for name, table in t.metadata.tables.items():
        assert "李兴贵" not in str(village.rows(table)), name


def test_a_new_life_is_a_snapshot(village: Town) -> None:
    reader = Reader(village, village.device())
    reader.pull()
    heal.restored(village.ledger, TOWNSHIP, "op")
    registry.put_households(village.ledger, TOWNSHIP, [Resident(H1, "孙兰", "二组", 3, None)], "op")
    assert {row.code for row in reader.pull()} == {H1, H2}
    assert reader.life > 1


def test_a_grants_page_holds_what_comes_after(village: Town) -> None:
    till = Till(village, village.device())
    for household in (H1, H2):
        village.award(household, 10_00)
        village.ledger.act(TOWNSHIP, lambda act, of=household: rights.settle(act, [of]))  # type: ignore[misc]
    first = till.page(1)
    assert ([record.number for record in first.records], first.head) == ([1], 2)
    till.cursor = 1
    assert [record.number for record in till.page().records] == [2]
    till.life, till.cursor = 9, 0
    page = till.page()
    assert (page.records, page.next_life, page.newest_life) == ((), 9, 1)
    till.life = 0
    with pytest.raises(Invalid, match="life"):
        till.page()


def test_an_unknown_device_is_told_nothing(village: Town) -> None:
    device = Device("LT01", "nobody", 1)
    with pytest.raises(NotFound, match="device-unknown"):
        Reader(village, device).page()
    with pytest.raises(NotFound, match="device-unknown"):
        Till(village, device).page()
