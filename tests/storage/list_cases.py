"""Lists taken over from a file, each to be broken off at each statement."""

from collections.abc import Callable
from functools import partial

from pos.counter import lists
from pos.counter.lists import Kind
from tests.shop import VILLAGE, Shop

UseCase = Callable[[Shop], Callable[[], object]]

_FILES = {
    Kind.GOODS: "code,name,unit,barcodes,points,shelf-yuan\ng001,盐,包,2900000000919,3,3\ng090,茶叶,盒,,30,28\n",
    Kind.MATERIALS: "code,name,scale,minimum-kg,hazardous,metal,per,price\nt01,手机,count,0,no,no,piece,5\n",
    Kind.HOUSEHOLDS: f"number,head,group,persons,state\n{VILLAGE}0099,赵一鸣,第5村民小组,3,normal\n",
    Kind.OPENING: f"what,item,owner,quantity\npoints,{VILLAGE}0033,,5\nstock,g001,donated,12\n",
}


def _take(kind: Kind, shop: Shop) -> Callable[[], object]:
    path = shop.folder / "list.csv"
    path.write_text(_FILES[kind], encoding="utf-8")
    looked = lists.dry_run(shop.desk, kind, path)
    return lambda: lists.take(shop.desk, shop.two, looked)


LIST_CASES: dict[str, UseCase] = {f"lists.take:{kind}": partial(_take, kind) for kind in Kind}
