"""CUPS through `lp`: programs of the same names that behave as those of CUPS 2.4 (systemv/lp.c, lpstat.c, cancel.c)."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.printer.conversation import Patience, PrinterState
from drivers.printer.job import Job, receipt_job
from drivers.printer.printer import Abilities, NotSent, Outcome, Printer, Sent, Unknown
from drivers.printer.profile import PrinterProfile
from tests.drivers.strict_reader import read
from tests.drivers.test_printer_escpos import receipt
from tests.drivers.test_printer_send import a_receipt

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not on Windows")

QUICK = Patience(connect=20, answer=0.3)
PATIENT = Patience(connect=20, answer=20)
PROFILE = PrinterProfile("cups:POS", 32, confirm="none")

LP = """#!/bin/sh
[ "$1 $2 $5 $6" = "-d POS -o raw" ] || { echo "lp: The printer or class does not exist." >&2; exit 1; }
[ -e silent ] && { cat > /dev/null; exit 0; }
number=$(($(cat number) + 1))
echo $number > number
cat > held/POS-$number
echo "request id is POS-$number (0 file(s))"
[ -e stopped ] || [ -e stuck ] || mv held/POS-$number printed/
"""

LPSTAT = """#!/bin/sh
[ "$LC_ALL" = C ] || exit 9
case "$*" in
"-l -p POS")
    if [ -e stopped ]
    then printf 'printer POS disabled since Thu Jan 15 06:42:00 2026 -\\n\\t%s\\n' "$(cat stopped)"
    else echo "printer POS is idle.  enabled since Thu Jan 15 06:42:00 2026"
    fi
    printf '\\tForm mounted:\\n\\tDescription: offline desk\\n\\tAlerts: %s\\n' "$(cat alerts)" ;;
"-o POS")
    for job in $(ls held); do echo "$job                   keeper            1024   Thu Jan 15 06:42:00 2026"; done ;;
"-W completed -l -o POS")
    for job in $(ls printed dropped | grep POS); do
        why=job-completed-successfully
        [ -e dropped/$job ] && why=job-canceled-by-user
        printf '%s  keeper  1024   Thu Jan 15 06:42:00 2026\\n\\tAlerts: %s\\n\\tqueued for POS\\n' $job $why
    done ;;
*) echo 'lpstat: Invalid destination name in list "NONE".' >&2; exit 1 ;;
esac
"""

CANCEL = """#!/bin/sh
mv held/$1 dropped/ || exit 1
"""


@dataclass
class Spool:
    """The fake CUPS: its folder holds what was printed, what waits and what was dropped."""

    folder: Path

    def put(self, name: str, text: str = "") -> None:
        (self.folder / name).write_text(text)

    def refill(self) -> None:
        """What stopped it is over: it prints what it holds."""
        for flag in ("stopped", "stuck"):
            (self.folder / flag).unlink(missing_ok=True)
        self.put("alerts", "none")
        for job in (self.folder / "held").iterdir():
            job.rename(self.folder / "printed" / job.name)

    @property
    def papers(self) -> list[bytes]:
        """What came out, oldest first."""
        return [job.read_bytes() for job in sorted((self.folder / "printed").iterdir())]


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    programs, made = tmp_path / "bin", Spool(tmp_path / "spool")
    for folder in (programs, *(made.folder / name for name in ("held", "printed", "dropped"))):
        folder.mkdir(parents=True)
    made.put("number", "0")
    made.put("alerts", "none")
    for name, script in (("lp", LP), ("lpstat", LPSTAT), ("cancel", CANCEL)):
        (programs / name).write_text(script.replace("\n", f"\ncd '{made.folder}'\n", 1))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return made


def send(job: Job, profile: PrinterProfile = PROFILE, patience: Patience = PATIENT) -> Outcome:
    return Printer(profile, patience=patience).send(job, lambda: None)


def test_the_bytes_arrive_as_they_are(spool: Spool) -> None:
    """No line feed at the end, as python-escpos's own connector adds; and the queue's word is not a confirmation."""
    job = a_receipt(PROFILE)
    assert send(job) == Sent()
    assert spool.papers == [job.data]
    assert read(spool.papers[0]).cuts == 1
    assert read(spool.papers[0]).questions == []


def test_a_queue_answers_no_questions(spool: Spool) -> None:
    printer = Printer(PROFILE, patience=PATIENT)
    assert printer.state() == PrinterState(answers=True)
    assert printer.probe() == Abilities()


@pytest.mark.parametrize(
    ("alerts", "code"),
    [
        ("media-empty-error", "paper-out"),
        ("media-needed-error cover-open-report", "paper-out"),
        ("door-open-report", "cover-open"),
        ("offline-report", "printer-offline"),
        ("media-jam-error", "printer-error"),
    ],
)
def test_nothing_is_given_to_a_queue_in_trouble(alerts: str, code: str, spool: Spool) -> None:
    spool.put("alerts", alerts)
    assert send(a_receipt(PROFILE)) == NotSent(code)  # type: ignore[arg-type]
    assert Printer(PROFILE, patience=PATIENT).state().trouble == code
    spool.refill()
    assert spool.papers == []


def test_a_queue_that_was_stopped(spool: Spool) -> None:
    spool.put("stopped", "Paused")
    assert send(a_receipt(PROFILE)) == NotSent("printer-offline")
    assert list((spool.folder / "held").iterdir()) == []


def test_what_the_queue_holds_comes_out_once_and_nothing_is_sent_behind_it(spool: Spool) -> None:
    printer = Printer(PROFILE, patience=QUICK)
    first = Job("R1", receipt_bytes("甲"))
    second = Job("R2", receipt_bytes("乙"))
    spool.put("stuck")
    assert printer.send(first, lambda: None) == Unknown("queue-holding")
    assert printer.state().trouble == "queue-holding"
    assert printer.send(second, lambda: None) == NotSent("queue-holding")
    spool.refill()
    assert printer.state().trouble is None
    assert printer.send(second, lambda: None) == Sent()
    assert spool.papers == [first.data, second.data]


def test_paper_that_ends_in_the_middle_is_named(spool: Spool) -> None:
    spool.put("stuck")
    printer = Printer(PROFILE, patience=QUICK)
    outcome = printer.send(a_receipt(PROFILE), lambda: spool.put("alerts", "media-empty-error"))
    assert outcome == Unknown("paper-out")


def test_a_copy_takes_the_place_of_what_the_queue_still_holds(spool: Spool) -> None:
    printer = Printer(PROFILE, patience=QUICK)
    original = Job("R1", receipt_bytes("原"))
    copy = Job("R1-1", receipt_bytes("重"), replaces=("R1",))
    spool.put("stuck")
    assert printer.send(original, lambda: None) == Unknown("queue-holding")
    (spool.folder / "stuck").unlink()
    assert printer.send(copy, lambda: None) == Sent()
    spool.refill()
    assert spool.papers == [copy.data]


def receipt_bytes(name: str) -> bytes:
    """A receipt of its own for each name."""
    return receipt_job("R", receipt(name), PROFILE).data


def test_a_job_that_somebody_deletes_in_the_queue(spool: Spool) -> None:
    script = spool.folder.parent / "bin" / "lp"
    script.write_text(script.read_text() + "mv held/POS-$number printed/POS-$number dropped/ 2>/dev/null; true\n")
    assert send(a_receipt(PROFILE)) == Unknown("queue-dropped")


def test_a_queue_that_does_not_exist(spool: Spool) -> None:
    outcome = send(a_receipt(PROFILE), PrinterProfile("cups:NONE", 32))
    assert outcome == NotSent("printer-invalid", 'lpstat: Invalid destination name in list "NONE".')


def test_lp_without_a_number_may_have_taken_the_job(spool: Spool) -> None:
    spool.put("silent")
    outcome = send(a_receipt(PROFILE))
    assert isinstance(outcome, Unknown)
    assert outcome.code == "printer-lost"


def test_lp_that_refuses_has_not(spool: Spool) -> None:
    (spool.folder.parent / "bin" / "lp").write_text(
        "#!/bin/sh\necho 'lp: Error - scheduler not responding.' >&2\nexit 1\n"
    )
    assert send(a_receipt(PROFILE)) == NotSent("printer-unreachable", "lp: Error - scheduler not responding.")


def test_a_scheduler_that_hangs(spool: Spool) -> None:
    (spool.folder.parent / "bin" / "lpstat").write_text("#!/bin/sh\nexec sleep 60\n")
    outcome = send(a_receipt(PROFILE), patience=Patience(connect=0.3))
    assert isinstance(outcome, NotSent)
    assert outcome.code == "printer-unreachable"


def test_without_cups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert send(a_receipt(PROFILE)) == NotSent("printer-invalid", "CUPS is not installed: apt install cups-client")
