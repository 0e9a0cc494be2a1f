"""One screen, one job: a `.py` and a `.tcss` each. Screens do not import each other; the app routes."""
