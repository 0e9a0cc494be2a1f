"""A USB printer through libusb, where the system makes no device file for it.

USB Device Class Definition for Printing Devices 1.1, chapters 4 and 5: interface class 7, bulk end points.
The connector's own opening is not used: it resets the printer, which forgets what it was printing, keeps the kernel's
driver away for good, and reads with a time limit of its own.
"""

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drivers.errors import PortMissing
from drivers.port import OPEN_ERRORS, in_use, refusal
from drivers.printer.address import Usb
from drivers.printer.library import printers

PRINTER_CLASS = 7
READ_BYTES = 512
"""A bulk packet may be this long, and libusb gives up a shorter read that a longer packet meets."""

_IN = 0x80


class UsbLine:
    """A printer on the bus; the kernel's driver, if it has one, steps aside until the line is closed."""

    baud = None

    def __init__(self, where: Usb) -> None:
        self.url = f"usb:{where.vendor:04x}:{where.product:04x}"
        self._detached: int | None = None
        self._connector = printers().Usb(where.vendor, where.product)
        with self._opening():
            self._device = _find(where, self.url)
        try:
            with self._opening():
                self._claim(where)
        except BaseException:
            self.close()
            raise
        self._connector.device = self._device

    @contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            yield
        except OPEN_ERRORS as error:
            raise refusal(error, self.url) from error

    def _claim(self, where: Usb) -> None:
        """Take the printer's interface for this line, and learn its end points."""
        import usb.core  # type: ignore[import-untyped]
        import usb.util  # type: ignore[import-untyped]

        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError:
            # setting a configuration that is already set would make the printer start over
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        interface, self._end_in, self._connector.out_ep = _ends(configuration, where)
        number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
                self._detached = number
        usb.util.claim_interface(self._device, number)
        if interface.bAlternateSetting:
            self._device.set_interface_altsetting(number, interface.bAlternateSetting)

    def write(self, data: bytes, timeout: float) -> None:
        """See `TcpLine.write`."""
        with in_use(self.url):
            self._connector.timeout = _milliseconds(timeout)
            self._connector._raw(data)

    def read(self, timeout: float) -> bytes:
        """See `TcpLine.read`; a printer that sends nothing is no error."""
        import usb.core

        if self._end_in is None:
            time.sleep(timeout)
            return b""
        with in_use(self.url):
            try:
                return bytes(self._device.read(self._end_in, READ_BYTES, _milliseconds(timeout)))
            except usb.core.USBTimeoutError:
                return b""

    def close(self) -> None:
        """Give the printer back to the kernel's driver."""
        import usb.util

        with contextlib.suppress(OSError):
            usb.util.dispose_resources(self._device)
            if self._detached is not None:
                self._device.attach_kernel_driver(self._detached)
                usb.util.dispose_resources(self._device)


def _find(where: Usb, url: str) -> Any:
    """The device on the bus. Raises `PortMissing`; ValueError where there is no libusb."""
    import usb.core

    device = usb.core.find(idVendor=where.vendor, idProduct=where.product)
    if device is None:
        raise PortMissing(url, "not on the USB bus")
    return device


def _ends(configuration: Any, where: Usb) -> tuple[Any, int | None, int]:
    """The printing interface with its end points, a two-way one if there is one. Raises ValueError for no printer."""
    found = []
    for interface in configuration:
        if interface.bInterfaceClass != PRINTER_CLASS and where.end_out is None:
            continue
        ends = [point.bEndpointAddress for point in interface]
        ins = [end for end in ends if end & _IN and where.end_in in (None, end)]
        outs = [end for end in ends if not end & _IN and where.end_out in (None, end)]
        if outs:
            found.append((interface, ins[0] if ins else None, outs[0]))
    if not found:
        raise ValueError("no printing interface with these end points")
    return max(found, key=lambda one: one[1] is not None)


def _milliseconds(seconds: float) -> int:
    """Zero would mean for ever."""
    return max(1, round(seconds * 1000))
