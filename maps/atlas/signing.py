"""An optional signature of a build's manifest: by an Ed25519 key, in PEM or OpenSSH form or one of minisign.

The manifest holds the hash of every other file, so that its signature is one of the whole build. Who changes a file and the
manifest with it is found by nothing else.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError, PluginError
from geo.files import write_bytes, write_text
from maps.atlas import minisigned

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = "manifest.json.sig"
"""Lies beside the manifest; holds the signature in base64 and a line feed. One of minisign has a name and a form of its own."""

SIGNATURES = (SIGNATURE, minisigned.SIGNATURE)


_MAKING = "make one: ssh-keygen -t ed25519 -N '' -f KEY"


def sign(manifest: Path, key: Path) -> Path:
    """Sign a manifest; return the file of the signature.

    Raises
    ------
    OutputError
        As ``private_key``.
    """
    private, content = private_key(key), manifest.read_bytes()
    if minisigned.is_key(_content(key, "private")):
        return write_bytes(manifest.with_name(minisigned.SIGNATURE), minisigned.signature_by(private, content))
    signature = private.sign(content)
    return write_text(manifest.with_name(SIGNATURE), base64.b64encode(signature).decode("ascii") + "\n")


def fault_of_signature(manifest: Path, key: Path) -> str | None:
    """Say what is wrong with the signature of a manifest; None where it is good.

    Raises
    ------
    OutputError
        The file of the public key cannot be used.
    """
    if minisigned.is_key(_content(key, "public")):
        return _fault_of_minisign(manifest, key)
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # the extra "sign" is asked for with its option

    public = _public_key(key)
    try:
        signature = base64.b64decode(manifest.with_name(SIGNATURE).read_text(encoding="ascii").strip(), validate=True)
    except FileNotFoundError:
        return f"not signed: there is no {SIGNATURE}"
    except (OSError, ValueError, binascii.Error):
        return f"{SIGNATURE} is not a signature"
    try:
        public.verify(signature, manifest.read_bytes())
    except InvalidSignature:
        return f"{SIGNATURE} is not of this manifest by {key.name}"
    return None


def private_key(path: Path) -> Any:
    """Read an Ed25519 private key, PEM, OpenSSH or minisign, without a password.

    Raises
    ------
    OutputError
        There is none, it is of another kind, or it needs a password.
    PluginError
        The extra ``sign``, or ``minisign``, is not installed.
    """
    content = _content(path, "private")
    if minisigned.is_key(content):
        try:
            return minisigned.private_key(content)
        except ValueError as error:
            raise _unusable(path, "private", str(error), minisigned.MAKING) from error
    ed25519, serialization = _library()
    read = serialization.load_ssh_private_key if b"OPENSSH" in content else serialization.load_pem_private_key
    try:
        key = read(content, password=None)
    except Exception as error:  # the library has many kinds of failure; all mean this
        raise _unusable(path, "private", str(error)) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _unusable(path, "private", f"it is of the kind {type(key).__name__}")
    return key


def _fault_of_minisign(manifest: Path, key: Path) -> str | None:
    try:
        public = minisigned.public_key(_content(key, "public"))
    except ValueError as error:
        raise _unusable(key, "public", str(error), minisigned.MAKING) from error
    try:
        good = minisigned.is_signed(
            public, manifest.read_bytes(), manifest.with_name(minisigned.SIGNATURE).read_bytes()
        )
    except FileNotFoundError:
        return f"not signed: there is no {minisigned.SIGNATURE}"
    except (OSError, ValueError):
        return f"{minisigned.SIGNATURE} is not a signature"
    return None if good else f"{minisigned.SIGNATURE} is not of this manifest by {key.name}"


def _public_key(path: Path) -> Any:
    ed25519, serialization = _library()
    content = _content(path, "public")
    read = serialization.load_ssh_public_key if content.startswith(b"ssh-") else serialization.load_pem_public_key
    try:
        key = read(content)
    except Exception as error:  # as above
        raise _unusable(path, "public", str(error)) from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise _unusable(path, "public", f"it is of the kind {type(key).__name__}")
    return key


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  # as above
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  # as above
    except ImportError as error:
        raise PluginError(
            "signatures need an extra that is not installed", ["pip install 'placeatlas[sign]'"]
        ) from error
    return ed25519, serialization


def _content(path: Path, which: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise _unusable(path, which, (trouble.strerror or str(trouble)).lower()) from trouble


def _unusable(path: Path, which: str, why: str, making: str = _MAKING) -> OutputError:
    return OutputError(
        f"{path} cannot be used as a {which} key",
        [(why.splitlines() or ["it cannot be read"])[0][:200], making],
    )
