"""The other end of the cable: scale, scanner and printer that speak real bytes over a pty or TCP. Written from the manuals, not from the drivers."""
