"""专项回收: campaigns with a cap for each household; Enter changes one or gives it more points, F5 begins one."""

import re
from collections.abc import Sequence
from typing import Any

from catalog.units import Points
from pos.core.campaigns import Campaign
from pos.counter import campaigns
from pos.counter.campaigns import Standing
from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_CODE = re.compile(r"[a-z0-9-]{1,24}")


class CampaignsScreen(ListScreen[Standing]):
    """The list, the newest first."""

    NAME = "edit-list"
    TOPIC = "campaigns"

    def read(self) -> Sequence[Standing]:
        """All of them."""
        return campaigns.everything(self.till.station.desk)

    def row(self, item: Standing) -> Row:
        """Name, days, cap, and what is left."""
        campaign = item.campaign
        cap = self.words("campaigns.cap", points=campaign.cap)
        text = f"{left(campaign.name, 22)} {campaign.starts} - {campaign.ends}  {cap}"
        runs = campaign.starts <= self.till.station.desk.today() <= campaign.ends
        return Row(text, self.words("campaigns.left", points=item.left), "" if runs else "reversed")

    def opened(self, item: Standing) -> None:
        """Enter: change it."""
        self.till.push_screen(CampaignForm(item.campaign))

    def action_add(self) -> None:
        """F5: a new one."""
        self.till.push_screen(CampaignForm(None))

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()


class CampaignForm(FormScreen):
    """One campaign; two people."""

    TOPIC = "campaign"

    def __init__(self, campaign: Campaign | None) -> None:
        super().__init__()
        self.campaign = campaign

    def parts(self) -> Sequence[Part[Any]]:
        """Code, name, days, cap, and points that it is given now."""
        old, today = self.campaign, self.till.station.desk.today()
        code: Part[Any] = Part("code", _code, most=24)
        return (
            code if old is None else parts.choice("code", [(old.code, old.code)]),
            parts.text("name", initial=old.name if old else "", most=30),
            parts.day("starts", initial=(old.starts if old else today).isoformat()),
            parts.day("ends", initial=old.ends.isoformat() if old else ""),
            parts.points("cap", initial=str(old.cap) if old else ""),
            parts.points("budget", initial="0" if old else ""),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, budget = self.till.station.desk, values["budget"]
        campaign = Campaign(values["code"], values["name"], values["starts"], values["ends"], values["cap"])
        assert isinstance(budget, Points)
        self.commit(lambda by: campaigns.begin(desk, by, campaign, budget), lambda _: self.dismiss())


def _code(typed: str) -> str | Wrong:
    text = typed.lower()
    return text if _CODE.fullmatch(text) else Wrong("form.not-a-slip")
