"""Where things lie on this machine."""

from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """Where a store lives unless the command line says otherwise."""
    return user_data_path("redemption-pos")
