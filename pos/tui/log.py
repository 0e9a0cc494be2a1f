"""The till's log: what went wrong inside, as JSON lines in the store's folder; limited in size."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "till.log"
_MOST_BYTES, _OLDER = 1_000_000, 2


def to_file(folder: Path) -> logging.Handler:
    """Write every warning and error of this process to `folder`; `stop` with what this returns."""
    import structlog

    handler = RotatingFileHandler(folder / FILE, maxBytes=_MOST_BYTES, backupCount=_OLDER, encoding="utf-8", delay=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    return handler


def stop(handler: logging.Handler) -> None:
    """Close the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
