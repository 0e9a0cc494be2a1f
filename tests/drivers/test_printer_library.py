"""What importing python-escpos may not do to the program: speak on the terminal, or leave files behind."""

import os
import subprocess
import sys
from pathlib import Path

PROBE = """
import logging
from drivers.printer.profile import PrinterProfile
from drivers.printer.document import Barcode, Cut, Document, Qr, Text
from drivers.printer.job import drawer_job, receipt_job
import sys
assert "escpos" not in sys.modules, "loaded before the first job"
assert "PIL" not in sys.modules, "loaded before the first picture"
profile = PrinterProfile("folder:x")
job = receipt_job("R", Document((Text("积分"), Qr("V1"), Barcode("1234"), Cut())), profile)
drawer_job("D", profile)
assert "escpos" in sys.modules
assert logging.getLogger().handlers == []
"""


def test_import_is_late_silent_and_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
