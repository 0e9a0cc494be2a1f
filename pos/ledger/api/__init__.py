"""HTTP: one router a noun, thin over the functions of `pos.ledger`; nothing here touches the database."""
