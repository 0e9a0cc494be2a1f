"""The rules, pure: standard library only; `now` and ids are arguments (no clock, disk, config, random or language)."""
