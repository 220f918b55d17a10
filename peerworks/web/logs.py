"""What a log line never holds."""

import logging
import re

_TOKENS = re.compile(r"(/accounts/(?:join|reset|setup)/)[^/\s\"']+")


class WithoutTokens(logging.Filter):
    """Takes the token out of an address that opens an account: a log is read by more people than a letter."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes, those with such an address without its token."""
        text = record.getMessage()
        if "/accounts/" in text:
            record.msg, record.args = _TOKENS.sub(r"\1…", text), ()
        return True
