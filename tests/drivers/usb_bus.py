"""A USB bus with one printer on it, below pyusb: what libusb would do, with a cable to a simulated printer behind."""

import array
import errno
import queue
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import usb.backend  # type: ignore[import-untyped]
import usb.core  # type: ignore[import-untyped]

VENDOR, PRODUCT = 0x0416, 0x5011


class BusCable:
    """The printer's end of the bus (see `drivers.simulated.cable.Cable`)."""

    url = f"usb:{VENDOR:04x}:{PRODUCT:04x}"
    shop_settings = None

    def __init__(self) -> None:
        self.plugged = True
        self.down: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.up: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read(self, timeout: float) -> bytes:
        try:
            return self.down.get(timeout=timeout)
        except queue.Empty:
            return b""

    def write(self, data: bytes) -> None:
        self.up.put(data)

    def unplug(self) -> None:
        self.plugged = False

    def plug(self, name: str | None = None) -> None:
        self.plugged = True

    def close(self) -> None:
        self.unplug()


def interface(alternate: int, ends: tuple[int, ...], kind: int = 7) -> SimpleNamespace:
    """An interface descriptor with bulk end points."""
    points = [
        SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=end, bmAttributes=2, wMaxPacketSize=64, bInterval=0,
            bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )
        for end in ends
    ]  # fmt: skip
    return SimpleNamespace(
        bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=alternate, bNumEndpoints=len(points),
        bInterfaceClass=kind, bInterfaceSubClass=1, bInterfaceProtocol=alternate + 1, iInterface=0, points=points,
        extra_descriptors=[],
    )  # fmt: skip


class Bus(usb.backend.IBackend):  # type: ignore[misc]
    """A libusb that has one printer, and remembers what was done to it."""

    def __init__(self, cable: BusCable, *interfaces: SimpleNamespace) -> None:
        self.cable = cable
        self.interfaces = interfaces or (interface(0, (0x81, 0x03)),)
        self.configured = True
        self.kernel_driver = True
        self.fault: int | None = None
        self.stuck = False
        self.done: list[str] = []
        self.timeouts: list[int] = []

    def enumerate_devices(self) -> Iterator[str]:
        if self.cable.plugged:
            yield "printer"

    def get_device_descriptor(self, dev: str) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x100, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=2, bus=1, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: str, config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> SimpleNamespace:
        if intf or alt >= len(self.interfaces):
            raise IndexError
        return self.interfaces[alt]

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> Any:
        return self.interfaces[alt].points[ep]

    def open_device(self, dev: str) -> str:
        if self.fault is not None:
            raise usb.core.USBError("refused", -3, self.fault)
        return "handle"

    def close_device(self, dev_handle: str) -> None:
        self.done.append("close")

    def get_configuration(self, dev_handle: str) -> int:
        return int(self.configured)

    def set_configuration(self, dev_handle: str, config_value: int) -> None:
        self.configured = True
        self.done.append("configure")

    def reset_device(self, dev_handle: str) -> None:
        self.done.append("reset")

    def set_interface_altsetting(self, dev_handle: str, intf: int, altsetting: int) -> None:
        self.done.append(f"alternate {altsetting}")

    def is_kernel_driver_active(self, dev_handle: str, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.kernel_driver = False
        self.done.append("detach")

    def attach_kernel_driver(self, dev_handle: str, intf: int) -> None:
        self.kernel_driver = True
        self.done.append("attach")

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        if self.kernel_driver:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)

    def release_interface(self, dev_handle: str, intf: int) -> None:
        pass

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: "array.array[int]", timeout: int) -> int:
        self._use(timeout)
        if self.stuck:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        self.cable.down.put(data.tobytes())
        return len(data)

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: "array.array[int]", timeout: int) -> int:
        self._use(timeout)
        try:
            data = self.cable.up.get(timeout=timeout / 1000)
        except queue.Empty:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT) from None
        buff[: len(data)] = array.array("B", data)
        return len(data)

    def _use(self, timeout: int) -> None:
        assert timeout > 0, "no limit"
        self.timeouts.append(timeout)
        if not self.cable.plugged:
            time.sleep(0.001)
            raise usb.core.USBError("No such device", -4, errno.ENODEV)
