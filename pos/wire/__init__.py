"""What crosses a border between machines: signatures, and journals that anyone can take up again. Versioned."""
