"""Crockford's base 32: digits and capitals without I, L, O and U, so that people and QR codes both carry it well."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def encode(data: bytes, bits: int) -> str:
    """The first `bits` of `data`, five to a character, the last character padded with zero bits."""
    characters = -(-bits // 5)
    number = int.from_bytes(data, "big") >> (len(data) * 8 - bits) << (characters * 5 - bits)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(characters)))
