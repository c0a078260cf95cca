"""What Alembic runs: always on the connection that ``posture_check.store.migrate`` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from posture_check.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
