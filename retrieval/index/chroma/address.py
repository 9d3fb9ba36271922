"""Where a Chroma server is, and as whom it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field

TENANT, DATABASE = "default_tenant", "default_database"  # of a server that was told of no other


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaAddress:
    """A server with the tenant and the database on it; the token stays out of its ``repr``."""

    url: str  # http(s)://host:port, or with a path, without a slash at its end
    tenant: str = TENANT
    database: str = DATABASE
    token: str | None = field(default=None, repr=False)
