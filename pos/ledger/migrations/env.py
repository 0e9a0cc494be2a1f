"""Run by alembic: the migrations go through the connection that `pos.ledger.database` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
