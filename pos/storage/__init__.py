"""The terminal's database: journal, transfers, balances as a cache, reference rows, print jobs; and the drafts file."""
