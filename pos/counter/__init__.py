"""What a keeper does: one function = one use case = one transaction. Calls neither printer nor network."""
