"""The command line: one module a group of commands. What a command runs is imported when it runs."""
