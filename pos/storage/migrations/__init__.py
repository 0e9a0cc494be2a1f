"""Alembic migrations of the store file. Journal tables are never rewritten; append-only triggers are made anew and tested."""
