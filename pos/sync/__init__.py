"""The tail that speaks with the village ledger: it reads committed rows, and nothing at the counter waits for it.

session     one sync from end to end, without a thread, a clock or a network of its own; drivable step by step
link        one question and its reply, signatures checked
pushing     the journal going up; healing: what a ledger from its own backup is reminded of
pulling     grants coming down, and what exceeds the targets going back; reference: the township's rows
checkpoints the township's log, which may only grow
enrolment   becoming known, and beginning a new epoch; asking: points for a visitor, while online
transport   the network; sticks: the same questions and replies as signed files
loop        the thread that syncs at night, after so many entries, and on a key
"""
