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
journal = _table(
    "journal", seq=Integer, kind=Text, wall=Integer, household=Text, ref=Integer, bytes=LargeBinary, hash=LargeBinary
)
transfers = _table("transfers", seq=Integer, n=Integer, source=Text, destination=Text, commodity=Text, quantity=Integer)
balances = _table("balances", account=Text, commodity=Text, quantity=Integer, low=Integer, high=Integer)
heads = _table("heads", seq=Integer, purpose=Text, signature=LargeBinary)
households = _table("households", number=Text, head=Text, group=Text, persons=Integer, state=Text, home=Text)
cards = _table("cards", number=Text, household=Text, version=Integer, state=Text)
goods = _table("goods", code=Text, name=Text, unit=Text, initials=Text, monthly_limit=Integer)
barcodes = _table("barcodes", barcode=Text, good=Text)
lots = _table("lots", good=Text, place=Text, owner=Text, lot=Text, account=Text, expiry=Text, cost_fen=Integer)
materials = _table(
    "materials", code=Text, name=Text, scale=Text, minimum=Integer, hazardous=Integer, note=Text, position=Integer
)
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
)
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
)
