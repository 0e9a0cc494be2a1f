"""The other end of the cable: devices that speak real bytes over a pty or TCP, written from the manuals."""
