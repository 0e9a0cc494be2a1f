"""What a villager finds on a Chinese receipt, taken from the printed lines alone: whole hundredths and grams.

Written from the sample receipt and the rules for what receipts say, and from nothing in the wording.
"""

import re
from dataclasses import dataclass, field

from tests.drivers.strict_reader import Reading

FIGURE = r"[+-]?[\d,]+\.\d\d"
LABELS = {
    "合计金额": "amount",
    "折合积分": "change",
    "收回积分": "change",
    "兑换积分": "change",
    "退回积分": "change",
    "上次余额": "before",
    "本次余额": "after",
    "归还欠分": "debt",
    "记为欠分": "debt",
    "尚欠积分": "owed",
    "现金补差": "cash",
    "退还现金": "cash back",
    "零头结转": "carried",
    "上次零头": "carried_before",
    "应付积分": "due",
    "让利": "discount",
    "合计": "total",
}


@dataclass
class Item:
    """One line of goods or materials; what it does not say is None."""

    name: str
    net: int | None = None
    gross: int | None = None
    tare: int | None = None
    pieces: int | None = None
    price: int | None = None
    value: int | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class Slip:
    """One receipt."""

    head: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=dict)
    foot: list[str] = field(default_factory=list)


def hundredths(text: str) -> int:
    """`-1,234.50` as -123450."""
    return int(re.sub(r"[,.+]", "", text))


def grams(text: str) -> int:
    """Kilograms with two or three decimals as grams."""
    whole, decimals = text.lstrip("-").split(".")
    return (int(whole) * 1000 + int(decimals.ljust(3, "0"))) * (-1 if text.startswith("-") else 1)


def slip(reading: Reading, columns: int) -> Slip:
    """The receipt, whose parts are divided by rules of hyphens; a reprint's first part is left out."""
    parts: list[list[str]] = [[]]
    for line in reading.lines:
        if line.text == "-" * columns:
            parts.append([])
        elif line.text:
            parts[-1].append(line.text)
    if "重打印" in parts[0][0]:
        parts = parts[1:]
    head, items, sums, *foot = parts
    found = Slip(foot=[text for part in foot for text in part])
    for text in head:
        for label, value in re.findall(r"(单号|原单|原因|时间|店员|终端|授权|户号) (\S+(?: \d\d:\d\d:\d\d)?)", text):
            found.head[label] = value
    for text in sums:
        read = re.fullmatch(rf"(\D+?)(?:\(.*\)|\d.*)? +({FIGURE})[元分]", text)
        assert read, text
        found.sums[LABELS[read[1]]] = hundredths(read[2])
    found.items = narrow(items) if columns == 32 else wide(items)
    return found


def narrow(lines: list[str]) -> list[Item]:
    """Items of 58 mm paper: the name, then indented lines."""
    items: list[Item] = []
    for text in lines:
        if not text.startswith(" "):
            items.append(Item(text))
        else:
            detail(items[-1], text.strip())
    return items


def detail(item: Item, text: str) -> None:
    """An indented line under a name."""
    if read := re.fullmatch(r"毛([\d.]+) 皮([\d.]+) +净([\d.]+)kg", text):
        item.gross, item.tare, item.net = map(grams, read.groups())
    elif read := re.fullmatch(rf"单价({FIGURE})元/kg +({FIGURE})", text):
        item.price, item.value = map(hundredths, read.groups())
    else:
        counted(item, text)


def counted(item: Item, text: str) -> None:
    """Pieces or kilograms at a price, or a note."""
    if read := re.fullmatch(rf"净(-[\d.]+)kg x ({FIGURE})元 +({FIGURE})", text):
        item.net, item.price, item.value = grams(read[1]), hundredths(read[2]), hundredths(read[3])
    elif read := re.fullmatch(rf"(-?\d+)\D x ({FIGURE})元? +({FIGURE})", text):
        item.pieces, item.price, item.value = int(read[1]), hundredths(read[2]), hundredths(read[3])
    elif read := re.fullmatch(rf"(-?\d+)个，每\d+个1分 +({FIGURE})分", text):
        item.pieces, item.value = int(read[1]), hundredths(read[2])
    else:
        item.notes.append(text)


def wide(lines: list[str]) -> list[Item]:
    """Items of 80 mm paper: one line each, under a heading where there are columns."""
    items: list[Item] = []
    for text in lines:
        if text.startswith("品名"):
            continue
        if text.startswith(" "):
            items[-1].notes.append(text.strip())
        elif read := re.fullmatch(rf"(.+?) +([\d.]+) +([\d.]+) +([\d.]+) +({FIGURE}) +({FIGURE})", text):
            gross, tare, net = map(grams, read.group(2, 3, 4))
            price, value = map(hundredths, read.group(5, 6))
            items.append(Item(read[1], net, gross, tare, price=price, value=value))
        elif read := re.fullmatch(rf"(.+?) +(-?\d+)\D +({FIGURE}) +({FIGURE})", text):
            items.append(Item(read[1], pieces=int(read[2]), price=hundredths(read[3]), value=hundredths(read[4])))
        else:
            name, rest = re.split(r" {2,}", text, maxsplit=1)
            items.append(Item(name))
            counted(items[-1], rest)
    return items
