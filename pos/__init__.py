"""The shop: rules in `core`, the keeper's acts in `counter`, the terminal in `tui`. Layers: import contracts in pyproject.toml."""
