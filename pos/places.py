"""Where things lie on this machine."""

from pathlib import Path

from platformdirs import user_data_path, user_state_path


def home() -> Path:
    """Where a store lives unless the command line says otherwise."""
    return user_data_path("redemption-pos")


def state() -> Path:
    """Where commands keep what they know of this user between two calls, such as a log-in."""
    return user_state_path("redemption-pos")
