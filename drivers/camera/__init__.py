"""The camera as a card reader: pictures to codes. What a code means is for the callable that the shop gives."""
