"""The office's commands over the network: people, households, cards, goods and prices, corrections, differences."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.ledger import operators, registry
from pos.ledger.service import open_ledger
from tests.ledger.commands import OTHER_PASSWORD, TOWNSHIP, done, log_in, refused, served, sheet, told
from tests.ledger.commands import PASSWORD as FIRST
from tests.ledger.town import H1, H2, Device, StillClock, Town, found

VILLAGE = H1[:12]
NEXT = "990101101300"
WHY = ("--reason", "村民会议")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger that is served, with two stores, two households, and an operator who is logged in."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        town = found(folder / "ledger")
        registry.add_villages(town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村"), (NEXT, "杏花村")], "command")
        residents = [registry.Resident(each, "张秀英", "1组", 4, None) for each in (H1, H2)]
        assert registry.put_households(town.ledger, TOWNSHIP, residents, "command") == []
        operators.begin(town.ledger, TOWNSHIP, "op-01", FIRST, "command")
        town.ledger.close()
        with served(folder / "ledger") as url:
            log_in(url, "op-01")
            yield folder


@pytest.fixture(scope="module")
def town(office: Path) -> Iterator[Town]:
    """The ledger as its devices see it."""
    ledger = open_ledger(office / "ledger")
    yield Town(ledger, StillClock())
    ledger.close()


def test_operators(office: Path) -> None:
    url = json.loads(next((office / "state").rglob("*.json")).read_text("utf-8"))["place"]["url"]
    done("operators", "add", "clerk-01", "--role", "clerk", "--village", VILLAGE)
    assert "操作员的名称或村不对" in refused("operators", "add", "clerk-02", "--role", "clerk")
    assert "body.password" in refused("operators", "add", "op-03", "--role", "reader", POS_LEDGER_NEW_PASSWORD="short")
    assert "村文书 · village clerk" in done("operators", "list")
    log_in(url, "clerk-01")
    assert "这个角色不能这样做" in refused("operators", "list")
    assert "这不是本村的" in refused("households", "show", f"{NEXT}0001")
    done("operators", "password", POS_LEDGER_NEW_PASSWORD=OTHER_PASSWORD)
    assert "请先登录" in refused("villages", "list")
    log_in(url, "op-01")
    done("operators", "dismiss", "clerk-01")
    assert [each["active"] for each in told("operators", "list")] == [False, True]


def test_households_and_cards(office: Path) -> None:
    number, part = f"{VILLAGE}0007", f"{VILLAGE}0107"
    file = sheet(office / "h.xlsx", ("户号", "户主", "村民小组", "人口"), [(number, "李兴贵", "2组", 5)])
    done("households", "import", file)
    card = told("cards", "issue", number)["card"]
    done("cards", "lost", card)
    assert "已挂失 · lost" in done("households", "show", number)
    done("cards", "found", card)
    done("households", "split", number, part, "--head", "李小贵", "--group", "2组", "--persons", 2)
    done("households", "state", number, "away", *WHY)
    done("households", "home", number, "XH02")
    assert "李*贵" in done("households", "list", "--village", VILLAGE)
    assert "长期外出" in done("households", "show", number)
    done("households", "merge", part, number, *WHY)
    done("households", "erase", part)
    assert "这户没有销户" in refused("households", "erase", number)
    assert done("households", "statement", number)
    done("stores", "route", "XH02", NEXT)
    assert "未入网 · not enrolled" in done("stores", "list")


def test_price_books(office: Path) -> None:
    (office / "g.csv").write_text(
        "编号,名称,单位,条码,积分,货架价(元)\ng001,食盐 400g,包,2900000000018,2,2.00\ng002,白糖,袋,,5,5.00\n", "utf-8"
    )
    materials = ("p01,黄板纸,地秤,1,no,no,kg,1.00", "p09,瓶子,count,0,no,no,every,20")
    head = "code,name,scale,minimum-kg,hazardous,metal,per,price"
    (office / "m.csv").write_text("\n".join((head, *materials)), "utf-8")
    (office / "s.csv").write_text("code,name,unit,provider,cost-yuan,points\nv01,理发券,次,barber,10,10\n", "utf-8")
    lists = {"goods": office / "g.csv", "materials": office / "m.csv", "services": office / "s.csv"}
    for kind, file in lists.items():
        assert "什么也没有改" in done("catalogue", "put", kind, file, "--dry-run")
        assert told("catalogue", "show", kind) == []
        done("catalogue", "put", kind, file)
        assert "不变 " in done("catalogue", "put", kind, file)
        assert file.read_text("utf-8").splitlines()[1].split(",")[1] in done("catalogue", "show", kind)
    options = [each for kind, file in lists.items() for each in (f"--{kind}", file)]
    done("prices", "publish", *options, "--effective", "2026-12-01", "--dry-run")
    assert told("catalogue", "show", "prices") == []
    done("prices", "publish", *options, "--effective", "2026-12-01")
    (office / "g2.csv").write_text("code,name,unit,points,shelf-yuan\ng001,食盐 400g,包,2.5,2.50\n", "utf-8")
    raised = ("--goods", office / "g2.csv")
    done("prices", "publish", *raised, "--effective", "2027-01-01")
    assert "2 版更晚起用" in done("prices", "publish", *raised, "--effective", "2026-11-01")
    book = told("prices", "show", "--on", "2027-02-01")
    assert (book["version"], book["effective"]) == (2, "2027-01-01")
    assert [(each["good"], each["points"], each["shelf"]) for each in book["goods"]] == [
        ("g001", 250, 250), ("g002", 500, 500),
    ]  # fmt: skip
    assert book["materials"] == [
        {"material": "p01", "per": "kg", "amount": 100}, {"material": "p09", "per": "every", "amount": 20},
    ]  # fmt: skip
    assert book["services"] == [{"service": "v01", "points": 1000}]
    assert len(told("prices", "show", "--on", "2026-11-15")["goods"]) == 1
    assert "2.50" in done("prices", "show", "--on", "2027-01-01")
    assert "还没有价目" in refused("prices", "show", "--on", "2026-01-01")
    refused("prices", "publish", "--effective", "2027-01-01", code=2)


def test_a_faulty_price_list_is_not_taken(office: Path) -> None:
    faulty = office / "faulty.csv"
    faulty.write_text("code,name,unit,barcodes,points\ng001,盐,包,123,2\nG 2,糖,,,3\ng003,油,桶,,1.005\n", "utf-8")
    before = told("catalogue", "show", "goods")
    said = refused("catalogue", "put", "goods", faulty)
    for row, part in (("2", "条码"), ("3", "编号"), ("4", "积分")):
        assert any(line.split()[:1] == [row] and part in line for line in said.splitlines()), said
    assert told("catalogue", "show", "goods") == before
    refused("prices", "publish", "--goods", faulty, "--effective", "2027-03-01")


def test_terms_policy_and_recall(office: Path) -> None:
    done("terms", "--effective", "2027-01-01", "--fen-per-point", 100, "--step", "0.10")
    assert told("catalogue", "show", "terms") == [{"effective": "2027-01-01", "fen_per_point": 100, "step": 10}]
    policy = json.loads(done("policy", "show"))
    file = office / "policy.json"
    file.write_text(json.dumps({"points_percent": 50, "day_points": 10000}), "utf-8")
    done("policy", "publish", file, "--effective", "2027-01-01")
    assert json.loads(done("policy", "show")) == {**policy, "points_percent": 50, "day_points": 10000}
    for wrong in ('{"points_percent": 101}', '{"colour": 1}', "[]", "{"):
        file.write_text(wrong, "utf-8")
        assert "不是规则文件" in refused("policy", "publish", file, "--effective", "2027-02-01")
    done("recall", "g001", "--reason", "unsafe", "--batch", "A7")
    done("recall", "g001", "--reason", "unsafe", "--batch", "A7", "--lift")
    assert "没有这条停售" in refused("recall", "g001", "--reason", "unsafe", "--lift")


def test_rights_and_corrections(office: Path, town: Town) -> None:
    town.award(H1, 50_00)
    done("rights", "cap", "200")
    done("rights", "keep", H1, "12.50")
    device = town.device()
    sold = device.weigh(10_00)
    town.push(device)
    done("remedy", "points", "hold", H1, "2.5", *WHY)
    done("remedy", "points", "unhold", H1, "1", *WHY)
    done("remedy", "points", "cash-out", H1, "1.50", *WHY)
    assert "不对" not in done("remedy", "paper", H1, "3", "--paper", "LT01-DEV9.1-7", *WHY)
    assert "已补过" in refused("remedy", "paper", H1, "3", "--paper", "LT01-DEV9.1-7", *WHY)
    refused("remedy", "forgive", H1, "1", *WHY)
    refused("remedy", "undo", "dev1.1", sold, "--line", 1, *WHY)
    refused("remedy", "finding", "dev1.1", sold, "no-such", *WHY)
    file = sheet(office / "van.xlsx", ("户号", "积分"), [(H1, 2)])
    done("rights", "van", "dev1.1", file, "--days", 2)
    refused("resume", "dev1.1", *WHY)
    assert "dev1.2" in done("close", "dev1.1", *WHY)
    assert "积分" in done("release", "dev1.1", *WHY)
    assert "已放回 · released" in done("stores", "list")
    for wrong in (("rights", "cap", "1.234"), ("rights", "cap", "-1"), ("close", "dev1", *WHY)):
        refused(*wrong, code=2)


def test_what_a_clone_did_is_seen(office: Path, town: Town) -> None:
    device = town.device("XH02")
    device.note()
    other = device.clone()
    town.push(device)
    device.note()
    other.weigh(1_00)
    town.push(device, 2)
    town.push(other, 2)
    (kept,) = told("evidence")
    assert kept["reason"] == "fork"
    assert kept["digest"] in done("evidence")
    open_ones = told("findings")
    done("findings", "--settled")
    assert any(each["act"] == "log-in" for each in told("audit"))
    for each in open_ones:
        done("remedy", "finding", each["writer"], each["seq"], each["code"], *WHY)
    assert told("findings") == []
    done("township", "restored")


def test_a_villages_own_items(office: Path) -> None:
    done("awards", "adopt", "ring")
    tree = ("--scheme", "ring", "--category", told("awards", "items")[0]["category"])
    about = ("--village", VILLAGE, "--meeting", "村民会议", "--low", 1, "--high", 3, *tree)
    done("awards", "add", "C01", "护林值班", *about)
    assert {"code": "C01", "low": 100, "high": 300}.items() <= told("awards", "items", "--village", VILLAGE)[0].items()
    done("awards", "retire", "C01")
    assert "C01" not in [each["code"] for each in told("awards", "items", "--village", VILLAGE)]


def test_who_ran_alone_is_approved_with_the_numbers_it_made_up(office: Path, town: Town) -> None:
    alone = Device("LT01", "solo", 0)
    town.enrol(alone)
    alone.weigh(1_00, "a1")
    town.push(alone)
    refused("approve", "solo")
    wrong = sheet(office / "wrong.xlsx", ("户号", "本店户号"), [(H1, "a1")])
    assert "本店户号、户号" in refused("approve", "solo", "--households", wrong, code=2)
    file = sheet(office / "stand-ins.xlsx", ("本店户号", "户号"), [("a1", H1)])
    assert "待批准 · to be approved" in done("stores", "list")
    done("approve", "solo", "--households", file)
