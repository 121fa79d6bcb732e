"""Alembic's entry: runs on the connection that ``ranker.store.migrate`` hands over."""

from alembic import context

from ranker.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
