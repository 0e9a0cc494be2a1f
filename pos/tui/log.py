"""The till's log: what went wrong inside, as JSON lines in the store's folder; limited in size."""

import logging
from functools import cached_property
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "till.log"
_MOST_BYTES, _OLDER = 1_000_000, 2


class _JsonLines(logging.Formatter):
    """One JSON object a record; structlog is loaded with the first one, which a good day never has."""

    @cached_property
    def _structured(self) -> logging.Formatter:
        from structlog import processors, stdlib

        return stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                stdlib.add_log_level,
                stdlib.add_logger_name,
                processors.TimeStamper(fmt="iso"),
                processors.format_exc_info,
            ],
            processors=[
                stdlib.ProcessorFormatter.remove_processors_meta,
                processors.JSONRenderer(ensure_ascii=False),
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        return self._structured.format(record)


def to_file(folder: Path) -> logging.Handler:
    """Write every warning and error of this process to `folder`; `stop` with what this returns."""
    handler = RotatingFileHandler(folder / FILE, maxBytes=_MOST_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True)
    handler.setFormatter(_JsonLines())
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    return handler


def stop(handler: logging.Handler) -> None:
    """Close the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
