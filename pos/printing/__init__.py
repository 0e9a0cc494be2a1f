"""From committed print jobs to paper: words, layout per receipt kind, and the thread that owns the printer.

Reads and moves rows of the job table; nothing here decides what happened, and the counter never calls it.
"""
