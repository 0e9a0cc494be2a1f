"""Each journey is played once: what the store holds then is right, and it takes no key more than the table says."""

from pathlib import Path

import pytest

from tests.screens.journeys import JOURNEYS, Journey, played


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: f"{journey.section} {journey.name}")
async def test_a_journey(journey: Journey, tmp_path: Path) -> None:
    found = await played(journey, tmp_path / "store")
    assert (len(found.keys), found.scans) == (journey.keys, journey.scans), " ".join(found.keys)
