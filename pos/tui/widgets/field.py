"""A field for digits."""

from textual.widgets import Input


class Field(Input):
    """Takes digits alone, so many; the cursor stands still."""

    def __init__(self, *, id: str, most: int, secret: bool = False) -> None:
        super().__init__(id=id, restrict=r"[0-9]*", max_length=most, password=secret, select_on_focus=False)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits are for the field, signs for the screen around it."""
        return character is not None and character.isascii() and character.isdecimal()
