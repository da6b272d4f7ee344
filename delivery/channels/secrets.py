"""Secrets of channels at rest: Fernet under a key that is derived from SECRET_KEY (HKDF, RFC 5869)."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from delivery.channels.message import Secret

_PURPOSE = b"learningops channel secret v1"


def _key(master: str | bytes) -> Fernet:
    material = master.encode() if isinstance(master, str) else master
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(material)
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    return MultiFernet([_key(master) for master in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(secret: str) -> bytes:
    """Encrypt a credential for the database."""
    return _keys().encrypt(secret.encode())


def unseal(sealed: bytes | memoryview | None) -> Secret:
    """The credential; empty when there is none, or when SECRET_KEY was changed and it can no longer be read."""
    if not sealed:
        return Secret("")
    try:
        return Secret(_keys().decrypt(bytes(sealed)).decode())
    except InvalidToken:
        return Secret("")
