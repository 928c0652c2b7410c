"""Keys and signatures of minisign, which its own program makes and checks: ``minisign -V -p KEY.pub -m manifest.json``.

Notes
-----
F. Denis, *Minisign*, https://jedisct1.github.io/minisign/: Ed25519 of the BLAKE2b hash of the file, and of the comment beside it.
"""

from __future__ import annotations

from typing import Any

from geo.errors import PluginError

SIGNATURE = "manifest.json.minisig"
"""Lies beside the manifest, under the name that minisign looks for."""

MAKING = "make a pair without a password: minisign -G -W -p KEY.pub -s KEY"
_BEGINNING = b"untrusted comment:"
_COMMENT = "the manifest of a build of placeatlas"


def is_key(content: bytes) -> bool:
    """Say whether a file is a key of minisign, private or public."""
    return content.startswith(_BEGINNING)


def private_key(content: bytes) -> Any:
    """Read a private key.

    Raises
    ------
    ValueError
        No such key, or one that needs a password.
    PluginError
        The extra ``minisign`` is not installed.
    """
    key = _library().SecretKey.from_bytes(content)
    if key.is_encrypted():
        raise ValueError("it needs a password")
    return key


def public_key(content: bytes) -> Any:
    """Read a public key; errors as ``private_key``."""
    return _library().PublicKey.from_bytes(content)


def signature_by(key: Any, content: bytes) -> bytes:
    """Return a signature as a file: the same for the same content, since no time is in its comment."""
    return bytes(key.sign(content, trusted_comment=_COMMENT))


def is_signed(key: Any, content: bytes, signature: bytes) -> bool:
    """Say whether a signature is of the content and of its own comment, by the private key of a public one.

    Raises
    ------
    ValueError
        It is no signature.
    """
    library = _library()
    signed = library.Signature.from_bytes(signature)
    try:
        key.verify(content, signed)
    except library.VerifyError:
        return False
    return True


def _library() -> Any:
    try:
        import minisign  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise PluginError(
            "keys of minisign need an extra that is not installed", ["pip install 'placeatlas[minisign]'"]
        ) from error
    return minisign
