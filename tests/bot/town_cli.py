"""``chengwen`` over the invented library, for a terminal to be tested from outside."""

import os
import sys

from town import TownWiring

from bot.cli import run

sys.exit(run(sys.argv[1:], os.environ, wire=TownWiring))
