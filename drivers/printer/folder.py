"""Receipts as files: bytes, text and, with a Chinese font, PNG and PDF; each is on the disk before it has its name."""

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer.job import Job
from drivers.printer.plain import plain_text

if TYPE_CHECKING:
    from drivers.printer.raster import Font

MAX_NAME = 80

log = logging.getLogger(__name__)


def write_files(folder: Path, job: Job, width: int, font: "Font | None") -> None:
    """Write the job's files below its date, over older ones of the same name. Raises OSError after some, or none."""
    folder = folder / _safe(job.date)
    folder.mkdir(parents=True, exist_ok=True)
    name = _safe(job.name) or "job"
    files = {f"{name}.bin": job.data}
    if job.laid:
        files[f"{name}.txt"] = "".join(f"{line}\n" for line in plain_text(job.laid, width)).encode()
        from drivers.printer import raster

        if font:
            image = raster.picture(job.laid, width, font)
            files |= {f"{name}.png": raster.png(image), f"{name}.pdf": raster.pdf(image)}
        else:
            log.warning("%s: no PNG and PDF: %s", name, raster.FONT_HELP)
    for file, data in files.items():
        write_whole(folder / file, data)
    for changed in (folder, folder.parent):
        _sync(changed)


def write_whole(path: Path, data: bytes) -> None:
    """The whole file or none, on the disk when this returns but for its name. Raises OSError."""
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _safe(name: str) -> str:
    """A name that is one file's or folder's, wherever it comes from."""
    return re.sub(r"[^\w.-]", "_", name)[:MAX_NAME].lstrip(".")


def _sync(folder: Path) -> None:
    """The names in the folder, too; Windows does that by itself."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
