"""The shop: rules in `core`, the keeper's acts in `counter`, screens in `tui`. Layers: contracts in pyproject.toml."""
