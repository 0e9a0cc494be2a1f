"""Codes in pictures: what both engines read, which passes help, and when a decoder believes that it saw a card."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import barcode
import numpy as np
import pytest

from drivers.camera import decode
from drivers.camera.decode import AWAY, FAST, MEMORY, SLOW, Decoder, Verdict, read_codes
from drivers.camera.engines import Code, Corners, Engine, Grey, Symbology
from drivers.camera.passes import merged, overlap
from tests.drivers import drawn_cards as drawn

ROOT = Path(__file__).parent.parent.parent
SIGNED, NUMBER = drawn.signed(123_456_789), drawn.number(987_654_321)
QR = drawn.counter((drawn.qr(SIGNED), (500, 250)))
BARS = drawn.counter((drawn.code_128(NUMBER), (400, 300)))
EMPTY = drawn.counter()
PLACE: Corners = ((10, 10), (90, 10), (90, 90), (10, 90))
ELSEWHERE: Corners = ((300, 10), (390, 10), (390, 90), (300, 90))


def texts(grey: Grey) -> list[str]:
    return [code.text for code in read_codes(grey)]


def code(text: str, engine: Engine = Engine.ZXING, corners: Corners = PLACE, *, agreed: bool = False) -> Code:
    return Code(text, Symbology.CODE_128, engine, agreed, corners)


@pytest.mark.parametrize("text", [SIGNED, "https://example.org/?a=1&b=2", "x", "A" * 200])
def test_a_qr_code_of_any_text(text: str) -> None:
    (found,) = read_codes(drawn.counter((drawn.qr(text, 4), (300, 100))))

    assert (found.text, found.symbology, found.engine, found.agreed) == (text, Symbology.QR, Engine.ZBAR, True)


@pytest.mark.parametrize("text", [NUMBER, "SN3CFJZ4NCG6", "a b"])
def test_a_code_128_of_any_text(text: str) -> None:
    (found,) = read_codes(drawn.counter((drawn.code_128(text), (300, 100))))

    assert (found.text, found.symbology) == (text, Symbology.CODE_128)


def test_beyond_ascii_a_text_is_read_as_the_code_means_it() -> None:
    assert texts(drawn.counter((drawn.qr("积分兑换"), (300, 100)))) == ["积分兑换"]


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(drawn.noisy(QR, 20), id="noise"),
        pytest.param(drawn.blurred(QR, 1.5), id="blur"),
        pytest.param(drawn.noisy(drawn.dim(QR, 0.3), 8), id="poor light"),
        pytest.param(drawn.turned(QR, 33), id="turned"),
        pytest.param(drawn.counter((drawn.qr(SIGNED, 2), (500, 250))), id="small"),
    ],
)
def test_a_spoilt_qr_code(spoilt: Grey) -> None:
    assert texts(spoilt) == [SIGNED]


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_a_code_128_at_any_angle(degrees: int) -> None:
    assert texts(drawn.turned(BARS, degrees)) == [NUMBER]


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(drawn.noisy(BARS, 20), id="noise"),
        pytest.param(drawn.noisy(drawn.dim(BARS, 0.3), 8), id="poor light"),
        pytest.param(drawn.blurred(BARS, 1.8), id="blur"),
    ],
)
def test_a_spoilt_code_128(spoilt: Grey) -> None:
    assert texts(spoilt) == [NUMBER]


@pytest.mark.parametrize("degrees", [0, 40])
def test_corners_lie_around_the_code(degrees: int) -> None:
    (found,) = read_codes(drawn.turned(BARS, degrees))

    across, down = zip(*found.corners, strict=True)
    assert 400 < sum(across) / len(across) < 780
    assert 280 < sum(down) / len(down) < 450


def test_several_codes_in_one_picture() -> None:
    both = drawn.counter((drawn.qr(SIGNED), (200, 200)), (drawn.code_128(NUMBER), (600, 300)))

    assert {(code.text, code.symbology) for code in read_codes(both)} == {
        (SIGNED, Symbology.QR),
        (NUMBER, Symbology.CODE_128),
    }


@pytest.mark.parametrize("picture", [EMPTY, drawn.noisy(EMPTY, 25), np.zeros((1, 1), np.uint8)])
def test_nothing_where_nothing_is(picture: Grey) -> None:
    assert read_codes(picture) == []


def test_no_other_symbology_is_read() -> None:
    bars = np.array([[0] * 10 + [int(bit) for bit in barcode.get("ean13", "690123456789").build()[0]] + [0] * 10])
    code = np.kron(np.where(bars > 0, 0, 255), np.ones((90, 3))).astype(np.uint8)

    assert read_codes(drawn.counter((code, (300, 300)))) == []


@pytest.mark.parametrize(
    "wrong", [np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.float64), np.zeros((0, 9), np.uint8)]
)
def test_only_a_grey_picture_is_taken(wrong: Grey) -> None:
    with pytest.raises(ValueError, match="uint8"):
        read_codes(wrong)
    with pytest.raises(ValueError, match="uint8"):
        Decoder(drawn.judge).look(wrong, 0.0)


def test_without_zbar_the_other_engine_reads_alone() -> None:
    program = (
        "import ctypes.util, logging\n"
        "ctypes.util.find_library = lambda name: None\n"
        "logging.basicConfig(format='%(message)s')\n"
        "from drivers.camera.decode import read_codes\n"
        "from drivers.camera.engines import zbar_missing\n"
        "from tests.drivers import drawn_cards as drawn\n"
        "print(zbar_missing(), [(c.text, c.engine.value) for c in read_codes(drawn.counter((drawn.qr('A1'), (9, 9))))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )

    assert done.stdout.strip() == "True [('A1', 'zxing')]"
    assert done.stderr.count("apt-get install libzbar0") == 1


def test_the_engines_agree_on_a_text_once() -> None:
    one, two = code("A", Engine.ZBAR), code("A", Engine.ZXING)

    assert merged([one, two]) == [code("A", Engine.ZBAR, agreed=True)]
    assert merged([one, one]) == [one]
    assert merged([one, code("B")]) == [one, code("B")]


def test_places_overlap() -> None:
    assert overlap(PLACE, ((50, 50), (120, 50), (120, 120)))
    assert overlap(((10, 50), (90, 50)), ((10, 52), (90, 52)))
    assert not overlap(PLACE, ELSEWHERE)
    assert not overlap(PLACE, ())


# The decoder


class Scripted:
    """What the passes find, by turn: a list for each look, and which costly passes ran."""

    def __init__(self, *plain: list[Code], blurred: list[Code] | None = None) -> None:
        self.plain: Iterator[list[Code]] = iter(plain)
        self.blurred = blurred or []
        self.ran: list[list[str]] = []


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Passes that find what the test says."""
    script = Scripted()

    def plain(_: Grey) -> list[Code]:
        script.ran.append([])
        return next(script.plain, [])

    def note(name: str, found: list[Code]) -> list[Code]:
        script.ran[-1].append(name)
        return found

    monkeypatch.setattr(decode, "plain", plain)
    monkeypatch.setattr(decode, "blurred", lambda _: note("blurred", script.blurred))
    monkeypatch.setattr(decode, "enlarged", lambda _: note("enlarged", []))
    monkeypatch.setattr(decode, "turned", lambda _, turn: note(str(turn), []))
    return script


def verdicts(decoder: Decoder, pictures: int, picture: Grey = EMPTY) -> list[Verdict]:
    found = [decoder.look(picture, float(turn)) for turn in range(pictures)]
    return [each.verdict for each in found if each]


def test_a_signed_card_is_taken_at_first_sight() -> None:
    found = Decoder(drawn.judge).look(QR, 0.0)

    assert found is not None
    assert found.verdict is Verdict.CARD
    assert found.card is not None
    assert found.card.text == SIGNED


def test_both_engines_agreeing_are_enough_for_a_bare_number() -> None:
    assert verdicts(Decoder(drawn.judge), 1, BARS) == [Verdict.CARD]


def test_one_engine_must_read_a_bare_number_twice(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER)], [], [code(NUMBER)]])

    assert verdicts(Decoder(drawn.judge), 3) == [Verdict.UNSURE, Verdict.NOTHING, Verdict.CARD]


def test_two_different_numbers_do_not_agree(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER)], [code(drawn.number(5))], [code(NUMBER)]])

    assert verdicts(Decoder(drawn.judge), 3) == [Verdict.UNSURE] * 3


def test_a_number_read_long_ago_does_not_count(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER)], [code(NUMBER)]])
    decoder = Decoder(drawn.judge)

    decoder.look(EMPTY, 0.0)
    late = decoder.look(EMPTY, MEMORY + 0.1)

    assert late is not None
    assert late.verdict is Verdict.UNSURE


def test_a_tag_that_is_not_ours_is_not_believed_at_once(script: Scripted) -> None:
    foreign = f"H1{NUMBER}{'0' * 20}"
    script.plain = iter([[code(foreign)], [code(foreign)]])

    assert verdicts(Decoder(drawn.judge), 2) == [Verdict.UNSURE, Verdict.CARD]


def test_a_code_that_is_no_card(script: Scripted) -> None:
    wrong_check = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    script.plain = iter([[code("https://example.org")], [code(wrong_check, agreed=True)]])

    assert verdicts(Decoder(drawn.judge), 2) == [Verdict.NO_CARD] * 2


def test_two_cards_in_one_picture_are_refused() -> None:
    two = drawn.counter((drawn.qr(SIGNED), (200, 200)), (drawn.code_128(NUMBER), (600, 300)))

    assert verdicts(Decoder(drawn.judge), 2, two) == [Verdict.SEVERAL_CARDS] * 2


def test_both_codes_of_one_card_are_one_card() -> None:
    card = drawn.counter((drawn.qr(SIGNED), (200, 200)), (drawn.code_128(SIGNED[2:14]), (600, 300)))
    found = Decoder(drawn.judge).look(card, 0.0)

    assert found is not None
    assert found.verdict is Verdict.CARD
    assert found.card is not None
    assert found.card.text == SIGNED


def test_engines_that_disagree_are_refused(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER, Engine.ZBAR), code("gNqCFJZ4NCG6")]] * 3)

    assert verdicts(Decoder(drawn.judge), 3) == [Verdict.DISAGREEMENT] * 3


def test_another_code_beside_a_card_is_no_disagreement(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER, agreed=True), code("SOAP", corners=ELSEWHERE)]])

    assert verdicts(Decoder(drawn.judge), 1) == [Verdict.CARD]


def test_costly_passes_come_in_turn_while_there_is_no_card(script: Scripted) -> None:
    verdicts(Decoder(drawn.judge), 12)

    assert script.ran == [
        [], ["blurred"], [], ["blurred", "enlarged", "45"],
        [], ["blurred"], [], ["blurred", "enlarged", "67"],
        [], ["blurred"], [], ["blurred", "enlarged", "22"],
    ]  # fmt: skip


def test_a_pass_that_read_a_card_is_due_again(script: Scripted) -> None:
    script.blurred = [code(NUMBER)]

    assert verdicts(Decoder(drawn.judge), 3) == [Verdict.NOTHING, Verdict.UNSURE, Verdict.CARD]
    assert script.ran == [[], ["blurred"], ["blurred"]]


def test_at_most_ten_decodes_a_second_and_five_while_nothing_moves() -> None:
    decoder, moving = Decoder(drawn.judge), [drawn.counter((drawn.qr("A"), (x, 9))) for x in range(0, 900, 90)]
    step = FAST / 4
    still = sum(decoder.look(EMPTY, turn * step) is not None for turn in range(200))
    decoder.begin(100.0)
    moved = sum(decoder.look(moving[turn % 10], 100 + turn * step) is not None for turn in range(200))

    assert still <= 200 * step / SLOW + 1
    assert 200 * step / SLOW + 1 < moved <= 200 * step / FAST + 1


def test_noise_is_no_motion() -> None:
    decoder = Decoder(drawn.judge)

    assert decoder.look(drawn.noisy(EMPTY, 10, 1), 0.0)
    assert decoder.look(drawn.noisy(EMPTY, 10, 2), (FAST + SLOW) / 2) is None


def test_a_card_in_view_is_one_scan() -> None:
    decoder = Decoder(drawn.judge)
    found = [decoder.look(QR, turn / 4) for turn in range(20)]

    assert [each.verdict for each in found if each] == [Verdict.CARD] + [Verdict.HELD] * 19


def test_a_card_lying_unread_in_a_still_scene_is_not_away(script: Scripted) -> None:
    script.plain = iter([[code(NUMBER, agreed=True)], [], [], [], [code(NUMBER, agreed=True)]])

    assert verdicts(Decoder(drawn.judge), 5)[-1] is Verdict.HELD


def test_a_card_counts_again_after_it_was_away() -> None:
    decoder = Decoder(drawn.judge)
    first = decoder.look(QR, 0.0)
    for at in (0.3, 0.3 + AWAY / 2, 0.3 + AWAY):
        decoder.look(EMPTY, at)
    again = decoder.look(QR, 2.0)

    assert [each.verdict for each in (first, again) if each] == [Verdict.CARD, Verdict.CARD]


def test_a_card_away_for_a_moment_is_still_the_same_scan() -> None:
    decoder = Decoder(drawn.judge)
    decoder.look(QR, 0.0)
    decoder.look(EMPTY, 0.3)
    again = decoder.look(QR, 0.6)

    assert again is not None
    assert again.verdict is Verdict.HELD


def test_a_card_that_lies_there_from_the_sale_before_must_first_go_away() -> None:
    decoder = Decoder(drawn.judge)
    decoder.look(QR, 0.0)
    decoder.begin(100.0)
    lying = decoder.look(QR, 100.1)

    assert lying is not None
    assert lying.verdict is Verdict.HELD
