"""``python -m evaluation.training.messages HOME``: fit how messages are read; report on held-out ones."""

from __future__ import annotations

import sys

from evaluation.training.messages.message_fit import main

sys.exit(main(sys.argv[1:]))
