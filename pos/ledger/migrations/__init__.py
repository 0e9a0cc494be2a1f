"""Versions of the ledger's schema, the same on PostgreSQL and SQLite; run by alembic."""
