"""What only says something: log calls by canonical name.

Sources: https://docs.python.org/3/library/logging.html, https://loguru.readthedocs.io and https://www.structlog.org
"""

from __future__ import annotations

_LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
_LOGGERS = ("logging", "logging.getLogger", "logging.Logger", "loguru.logger", "structlog.get_logger", "structlog.getLogger")

LOGS = frozenset({f"{logger}.{level}" for logger in _LOGGERS for level in _LEVELS} | {"builtins.print", "loguru.logger.success"})
