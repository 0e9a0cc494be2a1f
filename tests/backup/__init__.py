"""Backups and restorations, on real files."""
