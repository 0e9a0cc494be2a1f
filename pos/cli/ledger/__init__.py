"""`pos ledger ...`: a client of the ledger's own API, over the network or in process, so that roles, refusals and audit
are one set of rules; and what runs and founds a ledger on its machine. Nothing here decides anything about points."""
