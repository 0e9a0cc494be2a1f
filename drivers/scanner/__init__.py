"""Scanners: keyboard wedge and serial port; codes told apart by form, never by meaning."""
