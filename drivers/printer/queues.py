"""Printers behind the system's own print queue: CUPS through `lp`, and the Windows spooler.

A queue takes a job at once, prints it when it can, and says only whether it still has it: that a job left the queue
does not mean that it is on paper. What a queue holds it will print by itself, so nothing is sent behind it.
"""

import contextlib
import importlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from drivers.errors import DeviceLost, PortInvalid, PortMissing
from drivers.printer.library import printers
from drivers.printer.status import Trouble


class QueueJob(Enum):
    """What became of a job in the queue."""

    HELD = "held"
    PASSED_ON = "passed-on"
    DROPPED = "dropped"


class Cups:
    """A queue of CUPS. The connectors of python-escpos lose the job's number and add a line feed, so `lp` is run here.

    The texts read back are those of CUPS 1.4 and later, and the reasons IPP's (RFC 8011, 5.3.8 and 5.4.12).
    """

    _TROUBLES: tuple[tuple[str, Trouble], ...] = (
        ("media-empty", "paper-out"),
        ("media-needed", "paper-out"),
        ("cover-open", "cover-open"),
        ("door-open", "cover-open"),
        ("media-jam", "printer-error"),
        ("offline", "printer-offline"),
        ("paused", "printer-offline"),
        ("shutdown", "printer-offline"),
    )

    def __init__(self, name: str, timeout: float) -> None:
        """`timeout`: seconds that one command may take."""
        self.url = f"cups:{name}"
        self._name = name
        self._timeout = timeout

    def trouble(self) -> Trouble | None:
        """What the queue says of its printer. Raises `PortInvalid` when there is no such queue."""
        said = self._run("lpstat", "-l", "-p", self._name)
        if said.returncode or not said.stdout.strip():
            raise PortInvalid(self.url, said.stderr.strip() or "no such queue")
        alerts = "".join(re.findall(r"^\tAlerts:(.*)$", said.stdout, re.MULTILINE))
        reason = next((trouble for word, trouble in self._TROUBLES if word in alerts), None)
        stopped = said.stdout.startswith(f"printer {self._name} disabled")
        return reason or ("printer-offline" if stopped else None)

    def submit(self, title: str, data: bytes) -> str:
        """Hand a job over; its name in the queue. Raises `PortMissing` when it was refused, `DeviceLost` if unknown."""
        given = self._run("lp", "-d", self._name, "-t", title, "-o", "raw", data=data)
        if given.returncode:
            raise PortMissing(self.url, given.stderr.strip())
        found = re.search(re.escape(self._name) + r"-\d+", given.stdout)
        if found is None:
            raise DeviceLost(self.url, f"no job number in: {given.stdout.strip()}")
        return found[0]

    def ask(self, job: str) -> QueueJob:
        """How the job is. One that the queue no longer knows has been passed on: not every queue keeps a history."""
        if re.search(rf"^{re.escape(job)}\s", self._run("lpstat", "-o", self._name).stdout, re.MULTILINE):
            return QueueJob.HELD
        history = self._run("lpstat", "-W", "completed", "-l", "-o", self._name).stdout
        entry = re.search(rf"^{re.escape(job)}\s.*\n((?:\t.*\n?)*)", history, re.MULTILINE)
        dropped = entry is not None and re.search(r"\tAlerts:.*(abort|cancel)", entry[1])
        return QueueJob.DROPPED if dropped else QueueJob.PASSED_ON

    def cancel(self, job: str) -> None:
        """Take a job out of the queue, if it is still there."""
        self._run("cancel", job)

    def _run(self, *command: str, data: bytes = b"") -> "subprocess.CompletedProcess[str]":
        """A CUPS command, in English whatever the system speaks. Raises `DeviceLost`; `PortInvalid` without CUPS."""
        try:
            done = subprocess.run(
                ["env", "LC_ALL=C", *command], input=data, capture_output=True, timeout=self._timeout, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise DeviceLost(self.url, str(error)) from error
        if done.returncode == 127:
            raise PortInvalid(self.url, "CUPS is not installed: apt install cups-client")
        out, err = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)


class Windows:
    """A printer of the Windows spooler, with the maker's or the "Generic / Text Only" driver.

    Flags: Windows SDK, winspool.h, JOB_INFO_1 and PRINTER_INFO_2.
    """

    _PRINTER: tuple[tuple[int, Trouble], ...] = (
        (0x10 | 0x40, "paper-out"),
        (0x40_0000, "cover-open"),
        (0x02 | 0x08, "printer-error"),
        (0x01 | 0x80, "printer-offline"),
    )
    _JOB: tuple[tuple[int, Trouble], ...] = (
        (0x40, "paper-out"),
        (0x02 | 0x200 | 0x400, "printer-error"),
        (0x20, "printer-offline"),
    )
    _WORK_OFFLINE = 0x400
    _JOB_GONE = 0x80 | 0x1000
    _JOB_DELETED = 0x04 | 0x100
    _DELETE_JOB = 5
    _MAX_JOBS = 500

    def __init__(self, name: str) -> None:
        self.url = f"windows:{name}"
        self._name = name
        try:
            self._api: Any = importlib.import_module("win32print")
            self._error: type[Exception] = importlib.import_module("pywintypes").error
        except ImportError as error:
            raise PortInvalid(self.url, "there is no Windows spooler on this system") from error

    def trouble(self) -> Trouble | None:
        """What the spooler says of the printer and of its jobs. Raises `PortInvalid` when there is no such printer."""
        with self._printer() as handle:
            about = self._api.GetPrinter(handle, 2)
            jobs = self._api.EnumJobs(handle, 0, self._MAX_JOBS, 1)
        found = [trouble for flags, trouble in self._PRINTER if about["Status"] & flags]
        found += [trouble for flags, trouble in self._JOB if any(job["Status"] & flags for job in jobs)]
        if about["Attributes"] & self._WORK_OFFLINE:
            found.append("printer-offline")
        return found[0] if found else None

    def submit(self, title: str, data: bytes) -> str:
        """Hand a job over; its number. Raises `PortMissing` when refused, `DeviceLost` when part may have gone."""
        connector = printers().Win32Raw(self._name)
        library_errors = (self._error, importlib.import_module("escpos.exceptions").Error)
        try:
            connector.open(job_name=title)
        except library_errors as error:
            raise PortMissing(self.url, str(error)) from error
        try:
            connector._raw(data)
            connector.close()
        except library_errors as error:
            with contextlib.suppress(self._error):
                connector.close()
            raise DeviceLost(self.url, str(error)) from error
        return str(connector.current_job)

    def ask(self, job: str) -> QueueJob:
        """How the job is. One that is no longer listed was passed on, or deleted by somebody: Windows does not say."""
        with self._printer() as handle:
            listed = self._api.EnumJobs(handle, 0, self._MAX_JOBS, 1)
        status = next((one["Status"] for one in listed if str(one["JobId"]) == job), self._JOB_GONE)
        if status & self._JOB_DELETED:
            return QueueJob.DROPPED
        return QueueJob.PASSED_ON if status & self._JOB_GONE else QueueJob.HELD

    def cancel(self, job: str) -> None:
        """Take a job out of the queue, if it is still there."""
        with self._printer() as handle, contextlib.suppress(self._error):
            self._api.SetJob(handle, int(job), 0, None, self._DELETE_JOB)

    @contextmanager
    def _printer(self) -> Iterator[Any]:
        """The printer's handle. Raises `PortInvalid`, or `DeviceLost` when the spooler gives way under a question."""
        try:
            handle = self._api.OpenPrinter(self._name)
        except self._error as error:
            raise PortInvalid(self.url, str(error)) from error
        try:
            yield handle
        except self._error as error:
            raise DeviceLost(self.url, str(error)) from error
        finally:
            self._api.ClosePrinter(handle)


SystemQueue = Cups | Windows
