"""Run a target on one input and tell what went wrong: an error, or no end."""

from __future__ import annotations

import signal
import traceback
from typing import TYPE_CHECKING, Any

from targets import HANG, HangError

if TYPE_CHECKING:
    from types import FrameType

    from targets import Target


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


def trouble(target: Target, given: Any, *, patience: float = HANG) -> str | None:
    """Return what went wrong with an input, or None. Only in the main thread.

    Time is that of this process, so that a busy machine makes no find; what runs apart is waited for longer.
    """
    signal.signal(signal.SIGPROF, _stop)
    signal.signal(signal.SIGALRM, _stop)
    clock, seconds = (signal.ITIMER_REAL, 30.0) if target.apart else (signal.ITIMER_PROF, patience)
    signal.setitimer(clock, seconds)
    try:
        target.run(given)
    except HangError:
        return "hang"
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return "".join(traceback.format_exception(error)[-3:])
    finally:
        signal.setitimer(clock, 0)
    return None
