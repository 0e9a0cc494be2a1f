"""Every kind of entry, by the word that stands in the journal: a new one is a member of `Body`."""

from typing import Any, get_args

from pos.core.acts import Act, FileAward, Opening, RefData
from pos.core.awards import Award, Forgive, Remedy, Sweep, Undo
from pos.core.bins import HandOver, SellMaterial
from pos.core.day import DayClose, DayOpen
from pos.core.disputes import Dispute
from pos.core.entries import Unknown
from pos.core.epochs import Close, Release, Shortage
from pos.core.fund import Cash, Settle
from pos.core.holds import CashOut, Hold, Unhold
from pos.core.households import Merge, Split
from pos.core.inspection import Inspection
from pos.core.redemption import Redeem
from pos.core.reversal import Reverse
from pos.core.rights import Accept, Ask, Confirm, GiveBack, Grant
from pos.core.scales import ScaleCheck
from pos.core.stock import Adjust, Count, Receive, Ship, WriteOff
from pos.core.take_back import TakeBack
from pos.core.vouchers import Voucher
from pos.core.weigh_in import Weigh

TerminalBody = (
    Weigh
    | Redeem
    | Voucher
    | Reverse
    | TakeBack
    | Confirm
    | Accept
    | GiveBack
    | Receive
    | Ship
    | WriteOff
    | Adjust
    | SellMaterial
    | HandOver
    | Cash
    | Settle
    | FileAward
    | Opening
    | Ask
    | Count
    | DayOpen
    | DayClose
    | RefData
    | ScaleCheck
    | Dispute
    | Inspection
    | Act
)
LedgerBody = (
    Award
    | Grant
    | Sweep
    | Hold
    | CashOut
    | Unhold
    | Close
    | Release
    | Merge
    | Split
    | Undo
    | Forgive
    | Remedy
    | Shortage
)
Body = TerminalBody | LedgerBody | Unknown
KINDS: dict[str, Any] = {}
"""By the word that stands in the journal; bodies that share one are told apart by their fields."""
for _body in get_args(TerminalBody | LedgerBody):
    KINDS[_body.KIND] = KINDS[_body.KIND] | _body if _body.KIND in KINDS else _body
