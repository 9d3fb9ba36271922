"""The face in Telegram: updates come in, each is answered once."""

from __future__ import annotations

import os

# Spans of time are timedelta: until this choice is made, the library warns with every flood limit.
os.environ.setdefault("PTB_TIMEDELTA", "true")
