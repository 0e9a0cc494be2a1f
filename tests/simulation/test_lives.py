"""Whole lives of a township over the real store, the real session and the real ledger, one seed each.

pytest tests/simulation --seeds 3000
"""

from tests.simulation.conftest import Life


def test_a_life(live: Life, seed: int) -> None:
    live(seed)
