"""The program `pos`: the till at once, everything else through the command line."""

import gc
import sys
from pathlib import Path

from pos import places


def main() -> None:
    """Run the program; its own text is UTF-8 whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    match sys.argv[1:]:
        # What a store starts every morning does not wait for the command-line library to load.
        case ["till"]:
            _till(places.home())
        case ["till", "--home", folder]:
            _till(Path(folder))
        case _:
            from pos.cli.main import app

            app()


def _till(folder: Path) -> None:
    # What is loaded now stays until the end; the app switches the collector on again when the counter is up.
    gc.disable()
    from pos.tui.app import CounterApp

    CounterApp(folder).run()


if __name__ == "__main__":
    main()
