"""What a serial line makes of bytes: sent with one setting, sampled bit by bit with another.

A receiver waits for the falling edge of a start bit and then looks at the middle of each bit at its own rate. At
another rate than the sender's it therefore reads the noise that a person sees who opens a scale at a wrong baud rate
(00, 80, F8, FE, FF), and eight data bits without parity show the parity of a 7E1 sender in bit 7.
"""

from drivers.port import LineSettings


def heard(data: bytes, sent: LineSettings, read: LineSettings) -> bytes:
    """The bytes somebody set to `read` hears when `data` is `sent` without a pause; parity is not checked."""
    if sent == read:
        return data
    levels = [level for byte in data for level in _bits(byte, sent)]
    # in ticks of 1 / (both rates multiplied) s, a bit of the sender lasts `theirs`, one of the receiver `ours`
    theirs, ours = read.baudrate, sent.baudrate
    length = 1 + read.bytesize + (read.parity != "N") + 1
    seen, at, ends = bytearray(), 0, len(levels) * theirs
    while at < ends:
        if levels[at // theirs]:
            at += theirs - at % theirs
            continue
        middles = ((2 * at + (2 * bit + 1) * ours) // (2 * theirs) for bit in range(length))
        samples = [levels[middle] if middle < len(levels) else 1 for middle in middles]
        if samples[0]:
            at += (ours + 1) // 2
            continue
        seen.append(sum(level << bit for bit, level in enumerate(samples[1 : 1 + read.bytesize])))
        at += length * ours - ours // 2
        while not samples[-1] and at < ends and not levels[at // theirs]:
            at += theirs - at % theirs
    return bytes(seen)


def _bits(byte: int, line: LineSettings) -> list[int]:
    """The levels that carry one byte: start bit, data bits lowest first, parity, stop bits."""
    data = [byte >> bit & 1 for bit in range(line.bytesize)]
    odd = sum(data) % 2
    parity = {"N": [], "E": [odd], "O": [1 - odd]}[line.parity]
    return [0, *data, *parity, *[1] * line.stopbits]
