"""Status bytes, told apart by their fixed bits however they are mixed and cut up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.status import MAX_BLOCK, Block, Queued, RealTime, Replies, paper_low, trouble

AUTOMATIC = b"\x14\x00\x0f\x00"
BLOCKS = {b"_TM-T88V\0": Block(0x5F, b"TM-T88V"), b'7"AB12\0': Block(0x37, b'"AB12')}
mixed = st.lists(
    st.sampled_from([b"\x12", b"\x16", b"\x7e", b"\x00", b"\x03", AUTOMATIC, b"\x80", b"\xff", b"\x11", *BLOCKS])
)


@given(mixed, st.integers(1, 5))
def test_replies_in_any_company(parts: list[bytes], step: int) -> None:
    stream = b"".join(parts)
    replies = Replies()
    cut = [stream[i : i + step] for i in range(0, len(stream), step)]
    got = [reply for piece in cut for reply in replies.feed(piece)]
    real_time = [RealTime(part[0]) for part in parts if part in (b"\x12", b"\x16", b"\x7e")]
    assert [reply for reply in got if isinstance(reply, RealTime)] == real_time
    assert [reply.byte for reply in got if isinstance(reply, Queued)] == [p[0] for p in parts if p in (b"\0", b"\x03")]
    assert [reply for reply in got if isinstance(reply, Block)] == [BLOCKS[part] for part in parts if part in BLOCKS]


@pytest.mark.parametrize("broken", [b"_", b"7", b"_TM", b'7"AB', b"_" + b"x" * (MAX_BLOCK - 1)])
def test_a_block_that_breaks_off_hides_nothing(broken: bytes) -> None:
    assert list(Replies().feed(broken + b"\x12\x03")) == [RealTime(0x12), Queued(0x03)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((0x12, 0x12, 0x12), None),
        ((0x16, 0x12, 0x12), None),
        ((0x16, 0x12, 0x1E), None),
        ((0x1E, 0x32, 0x7E), "paper-out"),
        ((0x1A, 0x16, 0x12), "cover-open"),
        ((0x1A, 0x36, 0x7E), "cover-open"),
        ((0x1A, 0x52, 0x12), "printer-error"),
        ((0x1A, 0x12, 0x12), "printer-offline"),
        ((0x12, 0x12, 0x72), "paper-out"),
    ],
)
def test_trouble(answers: tuple[int, int, int], expected: str | None) -> None:
    assert trouble(*answers) == expected


def test_paper() -> None:
    assert paper_low(0x1E)
    assert not paper_low(0x12)
    assert Queued(0x03).paper_low
    assert not Queued(0x03).paper_out
    assert Queued(0x0F).paper_out
