"""python-escpos 3.1, imported on first use and with what its import leaves behind cleaned up.

It parses a megabyte of printer profiles in about 0.2 s, gives the root logger a handler that would write over the
screen, and leaves a directory in the system's temporary folder.
"""

import contextlib
import logging
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType


@cache
def printers() -> ModuleType:
    """The module `escpos.printer`, whose classes build jobs (`Dummy`) and carry them (`Network`, `Serial`, `File`)."""
    # basicConfig does nothing while the root logger has a handler
    stand_in = logging.NullHandler()
    logging.getLogger().addHandler(stand_in)
    try:
        import escpos.capabilities
        import escpos.printer
    finally:
        logging.getLogger().removeHandler(stand_in)
    left = Path(escpos.capabilities.pickle_path)
    if left.parent.parent == Path(tempfile.gettempdir()):
        with contextlib.suppress(OSError):
            left.unlink()
            left.parent.rmdir()
    module: ModuleType = escpos.printer
    return module
