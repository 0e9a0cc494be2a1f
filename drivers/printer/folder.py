"""Receipts as files: bytes, text and, with a Chinese font, a picture; each is on the disk before it has its name."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer.job import Job
from drivers.printer.plain import plain_text

if TYPE_CHECKING:
    from drivers.printer.raster import Font

MAX_NAME = 80


def write_files(folder: Path, job: Job, width: int, font: "Font | None") -> None:
    """Write the job's files, over older ones of the same name. Raises OSError, and may then have written some."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]", "_", job.name)[:MAX_NAME].lstrip(".") or "job"
    files = {f"{name}.bin": job.data}
    if job.laid:
        files[f"{name}.txt"] = "".join(f"{line}\n" for line in plain_text(job.laid, width)).encode()
        if font:
            from drivers.printer import raster

            files[f"{name}.png"] = raster.png(raster.picture(job.laid, width, font))
    for file, data in files.items():
        _write(folder / file, data)
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _write(path: Path, data: bytes) -> None:
    """The whole file or none."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
