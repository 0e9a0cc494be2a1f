"""The rules, pure: standard library only; never reads clock, disk, config, random or language (`now` and ids are arguments)."""
