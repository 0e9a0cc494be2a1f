"""What crosses a border signed: an installation's certificate and the heads of its journal (Ed25519, domain prefixed).

Versioned: a domain string never changes its meaning.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pos.core import codec
from pos.core.journal import Certificate

_CERTIFICATE = b"redemption-pos certificate 1\x00"
_HEAD = b"redemption-pos head 1\x00"

REQUEST = b"redemption-pos request 1\x00"
"""A device's message to the ledger."""
ANSWER = b"redemption-pos answer 1\x00"
"""The ledger's answer."""
ENROLMENT = b"redemption-pos enrolment 1\x00"
"""A certificate, countersigned."""
CHECKPOINT = b"redemption-pos checkpoint 1\x00"
"""A township's log as it stood."""
RECORD = b"redemption-pos record 1\x00"
"""A record of a feed."""


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half of `key`, hex, as a certificate states it."""
    return key.public_key().public_bytes_raw().hex()


def self_signed(certificate: Certificate, key: Ed25519PrivateKey) -> tuple[bytes, bytes]:
    """A certificate's canonical bytes and their signature."""
    line = codec.dumps(codec.plain(certificate))
    return line, key.sign(_CERTIFICATE + line)


def read_certificate(line: bytes, signature: bytes) -> Certificate | None:
    """The certificate, when its own key signed it; else `None`."""
    certificate = codec.build(Certificate, codec.loads(line))
    return certificate if _fits(certificate.key, signature, _CERTIFICATE + line) else None


def sign_head(genesis: bytes, seq: int, head: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signature that pins a journal's head: the chain it belongs to, its number and its hash."""
    return key.sign(_head(genesis, seq, head))


def head_fits(public_key: str, signature: bytes, genesis: bytes, seq: int, head: bytes) -> bool:
    """Whether the installation with `public_key` (hex) signed this head."""
    return _fits(public_key, signature, _head(genesis, seq, head))


def sign(domain: bytes, message: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signature of a message of one domain."""
    return key.sign(domain + message)


def signed(domain: bytes, message: bytes, signature: bytes, public_key: str) -> bool:
    """Whether the key (hex) signed this message of one domain."""
    return _fits(public_key, signature, domain + message)


def _head(genesis: bytes, seq: int, head: bytes) -> bytes:
    return _HEAD + genesis + seq.to_bytes(8, "big") + head


def _fits(public_key: str, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
