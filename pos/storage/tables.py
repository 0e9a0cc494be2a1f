"""The store file's tables as queries see them; their constraints and triggers are in the migrations."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _table(name: str, /, **columns: type[Integer] | type[Text] | type[LargeBinary]) -> Table:
    return Table(name, metadata, *(Column(column, kind) for column, kind in columns.items()))


installation = _table(
    "installation",
    one=Integer,
    store=Text,
    name=Text,
    village=Text,
    telephone=Text,
    device=Text,
    epoch=Integer,
    utc_offset_minutes=Integer,
    certificate=LargeBinary,
    signature=LargeBinary,
)
predecessor = _table(
    "predecessor",
    one=Integer,
    device=Text,
    epoch=Integer,
    seq=Integer,
    hash=LargeBinary,
    wall=Integer,
    alone=Integer,
)
journal = _table(
    "journal", seq=Integer, kind=Text, wall=Integer, household=Text, ref=Integer, bytes=LargeBinary, hash=LargeBinary
)
transfers = _table("transfers", seq=Integer, n=Integer, source=Text, destination=Text, commodity=Text, quantity=Integer)
balances = _table("balances", account=Text, commodity=Text, quantity=Integer, low=Integer, high=Integer)
heads = _table("heads", seq=Integer, purpose=Text, signature=LargeBinary)
households = _table(
    "households",
    number=Text,
    head=Text,
    group=Text,
    persons=Integer,
    state=Text,
    home=Text,
    quiet=Integer,
    salt=Text,
)
members = _table("members", household=Text, place=Integer, name=Text)
cards = _table("cards", number=Text, household=Text, version=Integer, state=Text)
goods = _table("goods", code=Text, name=Text, unit=Text, initials=Text, monthly_limit=Integer)
barcodes = _table("barcodes", barcode=Text, good=Text)
lots = _table(
    "lots",
    good=Text,
    place=Text,
    owner=Text,
    lot=Text,
    account=Text,
    expiry=Text,
    cost_fen=Integer,
    produced=Text,
    batch=Text,
)
suppliers = _table("suppliers", code=Text, name=Text, telephone=Text)
deliveries = _table("deliveries", seq=Integer, origin=Text, supplier=Text, slip=Text, giver=Text, salt=Text)
proposals = _table("proposals", good=Text, cost_fen=Integer, points=Integer, shelf=Integer, by=Text)
materials = _table(
    "materials",
    code=Text,
    name=Text,
    scale=Text,
    minimum=Integer,
    hazardous=Integer,
    note=Text,
    position=Integer,
    metal=Integer,
    daily_limit=Integer,
    tolerance=Integer,
    paused=Integer,
    campaign=Text,
)
campaigns = _table("campaigns", code=Text, name=Text, starts=Text, ends=Text, cap=Integer, since=Integer)
pending = _table("pending", seq=Integer, household=Text, points=Integer)
buyers = _table("buyers", code=Text, name=Text, plate=Text, telephone=Text, licence=Text, kind=Text, active=Integer)
contracts = _table("contracts", buyer=Text, material=Text, effective=Text, until=Text, fen=Integer)
parties = _table("parties", seq=Integer, name=Text, note=Text, salt=Text)
fund_vouchers = _table("fund_vouchers", number=Text, seq=Integer)
fund_uses = _table("fund_uses", source=Text, use=Text)
own_households = _table("own_households", party=Text, household=Text)
tares = _table("tares", code=Text, name=Text, grams=Integer)
price_books = _table("price_books", version=Integer, effective=Text)
good_prices = _table("good_prices", version=Integer, good=Text, points=Integer, shelf=Integer)
material_prices = _table("material_prices", version=Integer, material=Text, per=Text, amount=Integer)
terms = _table("terms", effective=Text, fen_per_point=Integer, step=Integer)
taken = _table("taken", household=Text, good=Text, month=Text, quantity=Integer)
keepers = _table(
    "keepers",
    number=Text,
    name=Text,
    role=Text,
    pin=Text,
    active=Integer,
    failures=Integer,
    locked_until=Integer,
    salt=Text,
)
z_documents = _table("z_documents", number=Integer, seq=Integer, sheet=LargeBinary, closing=LargeBinary)
closed_days = _table("closed_days", number=Integer, day=Text)
day_flows = _table("day_flows", number=Integer, source=Text, destination=Text, commodity=Text, quantity=Integer)
day_counts = _table("day_counts", number=Integer, what=Text, entries=Integer)
consents = _table("consents", subject=Text, seq=Integer)
frozen = _table("frozen", item=Text, seq=Integer)
wanted = _table("wanted", seq=Integer, words=Text, salt=Text)
inspections = _table("inspections", seq=Integer, note=Text, salt=Text)
providers = _table("providers", code=Text, name=Text, telephone=Text)
services = _table(
    "services", code=Text, name=Text, unit=Text, initials=Text, provider=Text, cost_fen=Integer, places=Integer
)
service_prices = _table("service_prices", version=Integer, service=Text, points=Integer)
vouchers = _table(
    "vouchers",
    number=Text,
    seq=Integer,
    household=Text,
    service=Text,
    provider=Text,
    points=Integer,
    issued=Text,
    until=Text,
    slot=Text,
    state=Text,
    ended=Integer,
)
policies = _table("policies", version=Integer, effective=Text, body=LargeBinary)
award_batches = _table("award_batches", batch=Text, period=Text, title=Text, source=Text, wall=Integer)
award_lines = _table("award_lines", seq=Integer, batch=Text, household=Text, points=Integer, told=Integer)
household_pins = _table("household_pins", household=Text, pin=Text, failures=Integer, locked_until=Integer)
print_jobs = _table(
    "print_jobs",
    id=Integer,
    seq=Integer,
    copy=Integer,
    purpose=Text,
    facts=LargeBinary,
    language=Text,
    template=Integer,
    by=Text,
    made=Integer,
    state=Text,
    cause=Text,
    tries=Integer,
    confirmed=Integer,
)
enrolment = _table(
    "enrolment", one=Integer, township=Text, ledger=Text, token=Text, line=LargeBinary, signature=LargeBinary
)
sync = _table("sync", one=Integer, body=LargeBinary)
feed_records = _table(
    "feed_records",
    life=Integer,
    number=Integer,
    seq=Integer,
    before=LargeBinary,
    line=LargeBinary,
    digest=LargeBinary,
    signature=LargeBinary,
)
checkpoints = _table("checkpoints", at=Integer, size=Integer, line=LargeBinary, signature=LargeBinary)
targets = _table("targets", household=Text, points=Integer)
differences = _table("differences", seq=Integer, code=Text, found=Integer, seen=Text)
waiting_rows = _table("waiting_rows", kind=Text, code=Text, value=Text)
faulty_rows = _table("faulty_rows", kind=Text, code=Text, detail=Text)
recalls = _table("recalls", code=Text, seq=Integer)
undone_lines = _table("undone_lines", paper=Text, line=Integer)
award_notices = _table("award_notices", batch=Text, household=Text, title=Text, points=Integer, told=Integer)
