"""Certificates and keys: what pictures are signed with, made here or brought by the user.

Importing this loads cryptography, a tenth of a second; `studio.services.signing_identity` does when it has to.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from studio.domain.errors import SigningFailed
from studio.services.credentials_manifest import SELF_ISSUED

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
"""Of the kinds that Content Credentials can be signed with."""
VALIDITY: Final = timedelta(days=20 * 365)
"""Of a certificate of Sfumato's own.

Without a time stamp, for which a server would have to be asked, credentials count only as long as their certificate.
"""
CLAIM_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
"""``c2pa-kp-claimSigning``: C2PA Technical Specification 2.2, section 14.5.1."""
_PURPOSES: Final = {
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
    x509.ObjectIdentifier("1.3.6.1.4.1.311.76.59.1.9"),  # Microsoft's, for C2PA
    CLAIM_SIGNING,
}
"""Uses of which a certificate must be meant for one: the C2PA library's default list."""
_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_DER: Final = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
_LEAST_RSA_BITS: Final = 2048
_REMEDY: Final = "Choose another certificate, or none: Sfumato then issues one to itself"


def self_issued() -> tuple[str, bytes]:
    """Return a new certificate with its issuer's, both as PEM text, and the key as PEM.

    The issuer's key is forgotten at once: nothing else can ever be signed in its name.
    """
    issuer_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer_name, name = _name("root"), _name("certificate")
    issuer = _begun(issuer_name, issuer_name, issuer_key.public_key())
    issuer = issuer.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    issuer = issuer.add_extension(_usage(signs_certificates=True), critical=True)
    certificate = _begun(name, issuer_name, key.public_key())
    certificate = certificate.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    certificate = certificate.add_extension(_usage(signs_certificates=False), critical=True)
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING])
    certificate = certificate.add_extension(purposes, critical=False)
    origin = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    certificate = certificate.add_extension(origin, critical=False)
    chain = [one.sign(issuer_key, hashes.SHA256()) for one in (certificate, issuer)]
    return "".join(map(_pem, chain)), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def checked_chain(chain: bytes, key: SigningKey, now: datetime) -> str:
    """Return a chain of certificates as PEM text, that of the key first.

    Args:
        chain: PEM, the certificates in any order; what else the file holds is left out.
        key: that is meant to go with it.
        now: with a time zone.

    Raises:
        SigningFailed: no certificate, none of this key, or one that pictures cannot be signed with.
    """
    try:
        found = x509.load_pem_x509_certificates(chain)
    except ValueError as error:
        raise SigningFailed("The certificate cannot be read", str(error), "Choose a PEM file") from error
    public = key.public_key().public_bytes(*_DER)
    own = [one for one in found if _key_of(one) == public]
    if not own:
        raise SigningFailed(
            "The certificate and the key do not belong together",
            "none of the certificates has this key",
            "Choose the key that the certificate was issued for",
        )
    _require_usable(own[0], now)
    return "".join(_pem(one) for one in [own[0], *(one for one in found if one is not own[0])])


def read_key(content: bytes) -> SigningKey:
    """Return a private key.

    Args:
        content: PEM, without a password; certificates in the same file are passed over.

    Raises:
        SigningFailed: no key, one with a password, or of a kind that pictures cannot be signed with.
    """
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except TypeError as error:
        remedy = "Store it without one, where nobody else can read it"
        raise SigningFailed("The signing key cannot be read", "it has a password", remedy) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        # The library's own words may quote the file; a key belongs into no message and no log.
        raise SigningFailed("The signing key cannot be read", "the file holds none", "Choose a PEM file") from error
    match key:
        case ec.EllipticCurvePrivateKey() if key.curve.name in _CURVES:
            return key
        case rsa.RSAPrivateKey() if key.key_size >= _LEAST_RSA_BITS:
            return key
        case ed25519.Ed25519PrivateKey():
            return key
        case _:
            raise SigningFailed(
                "Pictures cannot be signed with this key",
                "Content Credentials know keys on the curves P-256, P-384, P-521 and Ed25519, and RSA from 2048 bits",
                _REMEDY,
            )


def algorithm_of(key: SigningKey) -> str:
    """Return the name of the signature that a key makes, as Content Credentials call it."""
    match key:
        case ec.EllipticCurvePrivateKey():
            return _CURVES[key.curve.name]
        case rsa.RSAPrivateKey():
            return "PS256"
        case ed25519.Ed25519PrivateKey():
            return "ED25519"


def signature(key: SigningKey, content: bytes) -> bytes:
    """Return the signature of some bytes, as RFC 9053 (COSE) has it: two numbers side by side for a curve's."""
    match key:
        case ec.EllipticCurvePrivateKey():
            # Each curve goes with its own hash: RFC 9053, section 2.1.
            digest = {"ES256": hashes.SHA256(), "ES384": hashes.SHA384(), "ES512": hashes.SHA512()}[algorithm_of(key)]
            length = (key.curve.key_size + 7) // 8
            return b"".join(part.to_bytes(length) for part in decode_dss_signature(key.sign(content, ec.ECDSA(digest))))
        case rsa.RSAPrivateKey():
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
            return key.sign(content, salted, hashes.SHA256())
        case ed25519.Ed25519PrivateKey():
            return key.sign(content)


def name_of(chain: str) -> str:
    """Return what the first certificate of a chain is called."""
    return _subject_of(x509.load_pem_x509_certificates(chain.encode())[0])


def _require_usable(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse a certificate with which nothing valid can be signed; what else there is to say, the C2PA library says.

    Raises:
        SigningFailed: it is expired or not valid yet, damaged, an issuer's, or it is meant for something else.
    """
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        why = f"\u201c{_subject_of(certificate)}\u201d is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        raise SigningFailed("The certificate is not valid today", why, _REMEDY)
    try:
        extensions = certificate.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise SigningFailed("The certificate is damaged", str(error), _REMEDY) from error
    try:
        is_issuer = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_issuer = False
    try:
        purposes = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        purposes = set[x509.ObjectIdentifier]()
    if is_issuer or not purposes & _PURPOSES:
        why = "it is an issuer's" if is_issuer else "it is meant for neither e-mail nor documents nor C2PA claims"
        raise SigningFailed("Pictures cannot be signed with this certificate", why, _REMEDY)


def _key_of(certificate: x509.Certificate) -> bytes:
    """Return its public key; nothing for one of a kind that is not known here, which is no key of the user's."""
    try:
        return certificate.public_key().public_bytes(*_DER)
    except (ValueError, UnsupportedAlgorithm):
        return b""


def _subject_of(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _name(what: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{SELF_ISSUED} (nobody has verified who)")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, f"{SELF_ISSUED} {what}")])


def _begun(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=name,
        public_key=key,
        serial_number=x509.random_serial_number(),
        # A day earlier: the clocks of those who check it may be behind.
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + VALIDITY,
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
