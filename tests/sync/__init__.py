"""The terminal's side of the sync: a real store against a real ledger."""
