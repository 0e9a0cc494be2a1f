"""Alembic migrations of the store file. Journal tables are never rewritten; their triggers are made anew and tested."""
