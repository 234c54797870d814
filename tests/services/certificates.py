"""Certificates as an authority would issue them, good ones and all kinds of bad ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.services.signing_certificates import SigningKey

NAME = "Ada Lovelace"
KEYS: dict[str, Callable[[], SigningKey]] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
    "PS256": lambda: rsa.generate_private_key(65537, 2048),
    "ED25519": ed25519.Ed25519PrivateKey.generate,
}


def issued(
    key: SigningKey,
    *,
    days: tuple[int, int] = (-1, 30),
    is_issuer: bool = False,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    may_sign: bool = True,
) -> bytes:
    """Return a certificate and its authority's as PEM.

    Args:
        key: of the certificate.
        days: of its validity, from now on.
        is_issuer: whether it may issue others, so that nothing else may be signed with it.
        purpose: what it is meant for.
        may_sign: whether its key may be used to sign.
    """
    authority_key = ec.generate_private_key(ec.SECP384R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")])
    root = _begun(authority, authority, days).public_key(authority_key.public_key())
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    leaf = _begun(name, authority, days).public_key(key.public_key())
    leaf = leaf.add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    usage = x509.KeyUsage(may_sign, False, not may_sign, False, False, is_issuer, False, False, False)
    leaf = leaf.add_extension(usage, critical=True)
    origin = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    leaf = leaf.add_extension(origin, critical=False)
    chain = [one.sign(authority_key, hashes.SHA384()) for one in (root, leaf)]  # the wrong way round, as many store it
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


def pem_of(key: SigningKey, password: bytes = b"") -> bytes:
    """Return a private key as PEM."""
    kind = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kind)


def in_files(folder: Path, certificate: bytes, key: bytes) -> tuple[Path, Path]:
    """Write both into a folder and return where they are."""
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate)
    paths[1].write_bytes(key)
    return paths


def _begun(name: x509.Name, issuer: x509.Name, days: tuple[int, int]) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now + timedelta(days[0])).not_valid_after(now + timedelta(days[1]))
