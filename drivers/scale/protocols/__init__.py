"""One file per protocol; a device's config name is its module's name. Protocols do not know each other."""
