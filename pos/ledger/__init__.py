"""The village ledger of a township: takes every store's journal in, keeps the points of all, and answers for them.

The rules are those of `pos.core`; no driver, screen or terminal's store is known here. One function = one act = one
transaction in one township: `f(ledger, township, ...)` calls `ledger.act(township, work)`, whose `work(act)` may run
more than once and touches nothing but the database.

    service     Ledger: engine, signing key, clock; `act` and `read`
    tables      rows as queries see them; migrations/ has their constraints
    books       Act: balances, posting, the ledger's own journal, accepted entries
    records     numbered, chained, signed feeds (grants of a device's epoch, a township's reference data)
    push        journals of devices coming in; findings: what is to be looked at; follow: what they bring about
    log         the township's transparency log
    rights      targets and grants of households' points; allotments: away from home; closing: the end of an epoch
    heal        a ledger that comes from its backup, reminded by its devices
    remedies    corrections of single households; awards, award_items, award_sheets: points from the committee
    feed        what terminals pull; registry, cards, catalogue: what it says; sheets: lists from spreadsheets
    enrol       one-time codes, device keys, countersigned certificates
    operators   who may act: roles, passwords, tokens; scopes: in which village; audit: what was done, and refused
    fleet       stores and how far each is heard; holdings: what a household has; oversight: what is to be looked at
    receipts    what a paper's number and code say; notices: the log's root for the notice board
    api/, app   the same over HTTP; page, templates/: what the ledger draws itself
"""
