"""Backups of a store: one sealed file each, made beside a working till; and a new installation made from one."""
