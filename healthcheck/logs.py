"""What the log does not keep."""

import logging
import re

_TOKEN = re.compile(r"(/(?:s|set-password)/)[^/\s'\"?]+")


class HideTokens(logging.Filter):
    """Takes the tokens of one-time links out of every line.

    Nobody reads in a log who answered a survey when, or how somebody else's password is set.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN.sub(r"\1(token)", record.getMessage())
        record.args = ()
        return True
