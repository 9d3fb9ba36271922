"""How near provisions are in meaning to what is asked, by vectors of sentences and of their pieces."""

from __future__ import annotations
