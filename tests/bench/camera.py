"""Codes read from photos by pyzbar alone, zxing-cpp alone and ours, on one core; then the speed of the live decoder.

FOLDER holds KIND/SET/NAME.png or .webp, each with its text in NAME.txt; KIND is QR, C128, or any other, in which
nothing may be read since only QR and Code 128 count. The engines alone are called as their manuals say, restricted to
the same two. Goals:

* QR and C128: ours reads at least as many as the better of the two; elsewhere nothing;
* on all photos, and on drawn cards in noise, blur and poor light, no card is accepted but the one drawn;
* at 1280 x 720, unthrottled, the decoder makes at least 10 frames a second, with nothing in view and with a card;
* while nothing moves in view, video of 30 frames a second takes at most half of the core, its own decoding included.

    python -m tests.bench.camera FOLDER
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from drivers.camera.decode import Decoder, Verdict, read_codes
from drivers.camera.engines import Grey
from drivers.camera.frames import Slot
from drivers.camera.grabber import APART
from drivers.camera.source import SIZE, Source
from tests.bench.measure import percentile
from tests.drivers import drawn_cards as drawn

WANTED = ("QR", "C128")
FRAMES_A_SECOND, SHARE = 10.0, 0.5
VIDEO_RATE, VIDEO_SECONDS = 30, 10

_ZBAR = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128]
_ZXING = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])

Read = Callable[[Grey], list[str]]
READERS: dict[str, Read] = {
    "pyzbar": lambda grey: [each.data.decode(errors="replace") for each in pyzbar.decode(grey, symbols=_ZBAR)],
    "zxing": lambda grey: [each.text for each in zxingcpp.read_barcodes(grey, formats=_ZXING)],
    "ours": lambda grey: [each.text for each in read_codes(grey)],
}


@dataclass
class Score:
    """What one reader made of one kind of photos."""

    right: int = 0
    wrong: int = 0
    times: tuple[int, ...] = ()


def photos(folder: Path, kind: str) -> Iterator[tuple[Grey, str | None]]:
    """Each photo with its text, None for one that has none."""
    for path in sorted(path for path in (folder / kind).rglob("*") if path.suffix in (".png", ".webp")):
        label = path.with_suffix(".txt")
        text = label.read_bytes().decode() if label.exists() and kind in WANTED else None
        yield np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), dtype=np.uint8), text


def score(read: Read, pictures: list[tuple[Grey, str | None]]) -> Score:
    """How a reader does; a photo is wrong when something was read in it, but not what it says."""
    result = Score()
    for grey, text in pictures:
        start = time.perf_counter_ns()
        texts = set(read(grey))
        result.times += (time.perf_counter_ns() - start,)
        result.right += text in texts
        result.wrong += bool(texts) and text not in texts
    return result


def compare(folder: Path) -> list[str]:
    """The table of all kinds; the goals that were missed."""
    missed = []
    for kind in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        pictures = list(photos(folder, kind))
        scores = {name: score(read, pictures) for name, read in READERS.items()}
        for name, each in scores.items():
            mean = sum(each.times) / len(each.times) / 1e6
            print(
                f"{kind:6} {name:7} right {each.right:4}/{len(pictures):<4} wrong {each.wrong:3}   "
                f"mean {mean:6.1f} ms   p95 {percentile(list(each.times), 95) / 1000:6.1f} ms"
            )
        ours = scores["ours"]
        if kind in WANTED and ours.right < max(scores["pyzbar"].right, scores["zxing"].right):
            missed.append(f"{kind} right")
        if ours.wrong > min(scores["pyzbar"].wrong, scores["zxing"].wrong):
            missed.append(f"{kind} wrong")
    return missed


def wrong_cards(folder: Path) -> tuple[int, int, int]:
    """Of photos, each shown eight times, and of drawn cards: cards drawn, accepted, and accepted wrongly."""
    shown = accepted = wrong = 0
    for kind in (path.name for path in folder.iterdir() if path.is_dir()):
        for grey, _ in photos(folder, kind):
            wrong += bool(_accepted(grey))
    spoils = product((2, 3, 4), (0.0, 0.9, 1.8), (1.0, 0.3), (0, 12, 25))
    for ten, (module, blur, light, noise) in enumerate(spoils):
        for code in (drawn.qr(drawn.signed(ten), module), drawn.code_128(drawn.number(ten), module)):
            grey = drawn.counter((code, (100, 80)), size=(480, 640))
            grey = drawn.dim(drawn.blurred(grey, blur) if blur else grey, light)
            numbers = _accepted(drawn.noisy(grey, noise, ten))
            shown, accepted = shown + 1, accepted + bool(numbers)
            wrong += bool(numbers - {drawn.number(ten)})
    return shown, accepted, wrong


def _accepted(grey: Grey) -> set[str]:
    decoder = Decoder(drawn.judge)
    found = [decoder.look(grey, at) for at in range(8)]
    claims = [drawn.judge(each.card.text) for each in found if each and each.card and each.verdict is Verdict.CARD]
    return {claim.number for claim in claims if claim}


def unthrottled(pictures: list[Grey], looks: int) -> float:
    """Frames a second of a decoder that is never told that it is too early."""
    decoder, clock = Decoder(drawn.judge), count(step=10)
    start = time.perf_counter()
    for turn in range(looks):
        decoder.look(pictures[turn % len(pictures)], float(next(clock)))
    return looks / (time.perf_counter() - start)


def still_share(folder: Path) -> float:
    """Share of the core that a still scene takes, read from a video as a camera's is."""
    path = str(folder / "still.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), VIDEO_RATE, SIZE)
    scene = drawn.noisy(_empty_scene(), 4)
    for turn in range(VIDEO_RATE * VIDEO_SECONDS):
        writer.write(cv2.cvtColor(drawn.noisy(scene, 3, turn), cv2.COLOR_GRAY2BGR))
    writer.release()
    source, decoder, slot, taken = Source(cv2.VideoCapture(path)), Decoder(drawn.judge), Slot(), -1.0
    slot.arm(-1.0)
    start = time.process_time()
    for at in (turn / VIDEO_RATE for turn in range(VIDEO_RATE * VIDEO_SECONDS)):
        if source.grab() and at - taken >= APART and (grey := source.picture()) is not None:
            taken = at
            decoder.look(grey, at)
    spent = time.process_time() - start
    source.close()
    return spent / VIDEO_SECONDS


def _empty_scene() -> Grey:
    """A counter without a card, but with the edges and lines of printed things."""
    chance = np.random.default_rng(7)
    picture = drawn.counter()
    for _ in range(60):
        x, y, across, down = (int(each) for each in chance.integers((0, 0, 5, 5), (1200, 660, 120, 60)))
        cv2.rectangle(picture, (x, y), (x + across, y + down), int(chance.integers(0, 255)), int(chance.integers(1, 5)))
    return picture


def main(folder: Path, scratch: Path) -> int:
    """Print the figures; 1 when a goal is missed."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    missed = compare(folder)
    shown, accepted, wrong = wrong_cards(folder)
    print(f"drawn cards {shown}, accepted {accepted}; cards accepted wrongly, photos included: {wrong}")
    empty = [drawn.noisy(_empty_scene(), 3, seed) for seed in range(8)]
    card = [drawn.noisy(drawn.counter((drawn.qr(drawn.signed(7)), (500, 250))), 3, seed) for seed in range(8)]
    speeds = {"nothing in view": unthrottled(empty, 120), "a card in view": unthrottled(card, 60)}
    share = still_share(scratch)
    missed += ["wrong card"] if wrong else []
    missed += [what for what, speed in speeds.items() if speed < FRAMES_A_SECOND]
    missed += ["still scene"] if share > SHARE else []
    figures = ", ".join(f"{what} {speed:.1f} frames/s (goal {FRAMES_A_SECOND:.0f})" for what, speed in speeds.items())
    verdict = "missed: " + ", ".join(missed) if missed else "all goals met"
    print(f"camera: {figures}, still scene {share:.0%} of a core (goal {SHARE:.0%}); {verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("python -m tests.bench.camera FOLDER")
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(Path(sys.argv[1]), Path(name)))
