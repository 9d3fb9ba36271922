"""What Alembic runs before the steps: they go into the transaction that ``schema`` holds open."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
