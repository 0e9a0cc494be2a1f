"""The terminal's database: the journal, its transfers, balances as a cache, reference rows, print jobs; and the drafts file."""
