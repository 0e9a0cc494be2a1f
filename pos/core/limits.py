"""What a village allows at the weigh-in: how it pays, how much of a material a day, and which it takes at all."""

from dataclasses import dataclass

from pos.core.refusals import TicketRefused


class MaterialPaused(TicketRefused):
    """The store does not take this material for the time being."""

    code = "material-paused"


class DailyLimit(TicketRefused):
    """More of this material than one household may bring in a day."""

    code = "daily-limit"


class NotPaidInCash(TicketRefused):
    """The village pays for materials in points only."""

    code = "not-paid-in-cash"


class CampaignDates(TicketRefused):
    """A campaign that ends before it begins, or pays nobody anything."""

    code = "campaign-dates"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the village decided of weigh-ins."""

    wait: bool = False
    """Points wait until the village clerk confirms them."""
    cash: bool = False
    """A household may take cash instead of points."""
