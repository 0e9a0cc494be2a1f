"""What a keeper does: one function = one use case = one transaction. Calls neither printer nor network.

Each takes the `Desk` it happens at and the `Signatures` of who does and who approves it, and either returns what was
committed or raises `Refused` with nothing written.
"""
