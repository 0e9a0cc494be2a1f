"""练习: what tells a store to practise in from a real one, for good: the device's name in its certificate."""

from pos.core.refusals import StoreRefused

DEVICE = "training"
"""Device of every training store; part of each number that it prints. A real one has six characters by chance."""


class StoreTraining(StoreRefused):
    """A store to practise in, where a real one was asked for."""

    code = "store-training"


class StoreReal(StoreRefused):
    """A real store, where one to practise in was asked for."""

    code = "store-real"


def check(device: str, folder: str, *, training: bool) -> None:
    """Raises `StoreTraining` or `StoreReal` for a store of the other sort than was asked for."""
    if device == DEVICE and not training:
        raise StoreTraining(folder=folder)
    if device != DEVICE and training:
        raise StoreReal(folder=folder)
