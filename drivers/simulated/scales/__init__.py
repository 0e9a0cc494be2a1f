"""The firmware of simulated scales, one module per protocol, written from the manuals; nothing of the decoders."""
