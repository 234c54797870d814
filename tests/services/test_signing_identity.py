"""Sfumato signs with a certificate of its own that it keeps to itself, or with the user's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from studio.domain.errors import SigningFailed
from studio.domain.settings import Settings
from studio.services.credentials_manifest import SELF_ISSUED
from studio.services.signing_certificates import self_issued
from studio.services.signing_identity import (
    IDENTITY_NAME,
    SigningIdentity,
    existing_identity,
    identity_from_files,
    identity_of,
    own_certificates,
    own_identity,
)
from tests.architecture.tree import ROOT
from tests.services.certificates import KEYS, NAME, in_files, issued, pem_of

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's own folders closed without being told")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "signing"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def certificates(identity: SigningIdentity) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(identity.chain.encode())


def test_the_first_use_makes_a_certificate_and_later_ones_find_it(folder: Path) -> None:
    assert existing_identity(folder) is None
    first = own_identity(folder)
    again = own_identity(folder)
    assert again == first == existing_identity(folder)
    assert (first.is_self_issued, first.algorithm) == (True, "ES256")
    assert first.name.startswith(SELF_ISSUED)


def test_the_certificate_says_that_nobody_vouches_for_it_and_nothing_about_the_user(folder: Path) -> None:
    leaf, root = certificates(own_identity(folder))
    names = {str(name.value) for one in (leaf, root) for part in (one.subject, one.issuer) for name in part}
    assert len(names) == 3
    assert all(name.startswith(SELF_ISSUED) for name in names)
    assert {type(extension.value).__name__ for extension in leaf.extensions} == {
        "AuthorityKeyIdentifier",
        "BasicConstraints",
        "ExtendedKeyUsage",
        "KeyUsage",
        "SubjectKeyIdentifier",
    }
    leaf.verify_directly_issued_by(root)


@posix
def test_nobody_else_may_read_the_key(folder: Path) -> None:
    own_identity(folder)
    assert (mode(folder), mode(folder / IDENTITY_NAME)) == (0o700, 0o600)


@posix
def test_permissions_that_became_looser_are_taken_away_again(folder: Path) -> None:
    made = own_identity(folder)
    folder.chmod(0o755)
    (folder / IDENTITY_NAME).chmod(0o644)
    assert own_identity(folder).chain == made.chain
    assert (mode(folder), mode(folder / IDENTITY_NAME)) == (0o700, 0o600)


def test_neither_words_nor_errors_show_the_key(folder: Path, tmp_path: Path) -> None:
    identity = own_identity(folder)
    assert "key" not in repr(identity).lower()
    damaged = tmp_path / "key.pem"
    damaged.write_bytes((folder / IDENTITY_NAME).read_bytes().replace(b"M", b"\0", 1))
    with pytest.raises(SigningFailed) as refused:
        identity_from_files(folder / IDENTITY_NAME, damaged)
    assert "BEGIN" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"\0\xff" * 99])
def test_a_damaged_file_is_replaced(folder: Path, content: bytes) -> None:
    own_identity(folder)
    (folder / IDENTITY_NAME).write_bytes(content)
    assert existing_identity(folder) is None
    assert own_identity(folder).chain == own_identity(folder).chain


def test_a_certificate_that_is_not_valid_any_more_is_replaced(folder: Path) -> None:
    own_identity(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / IDENTITY_NAME).write_bytes(pem_of(key) + issued(key, days=(-9, -1)))
    assert existing_identity(folder) is None
    assert own_identity(folder).name.startswith(SELF_ISSUED)


def test_the_certificates_alone_can_be_asked_for(folder: Path) -> None:
    assert own_certificates(folder) == ""
    identity = own_identity(folder)
    assert own_certificates(folder) == identity.chain


MAKING = """
import sys
from pathlib import Path
from studio.services import signing_identity, signing_certificates
sys.stdin.readline()
print(signing_identity.own_identity(Path(sys.argv[1])).chain)
"""


@pytest.mark.slow
def test_processes_that_make_it_at_once_end_with_the_same_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKING, str(tmp_path / "signing")]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate()[0].strip() for process in started}
    assert [process.returncode for process in started] == [0] * len(started)
    assert answers == {own_identity(tmp_path / "signing").chain.strip()}


@pytest.mark.parametrize("algorithm", KEYS)
def test_the_users_own_certificate_signs(algorithm: str, tmp_path: Path, folder: Path) -> None:
    key = KEYS[algorithm]()
    certificate, key_file = in_files(tmp_path, issued(key), pem_of(key))
    settings = Settings(signing_certificate=str(certificate), signing_key=str(key_file))
    identity = identity_of(settings, folder)
    assert (identity.name, identity.algorithm, identity.is_self_issued) == (NAME, algorithm, False)
    assert certificates(identity)[0].subject.rfc4514_string() == f"CN={NAME}"
    assert not folder.exists()


def test_one_file_may_hold_certificate_and_key(tmp_path: Path, folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    path, _ = in_files(tmp_path, issued(key) + pem_of(key), b"")
    assert identity_of(Settings(signing_certificate=str(path)), folder).name == NAME
    assert identity_of(Settings(signing_key=str(path)), folder).name == NAME


def test_without_a_certificate_in_the_settings_sfumatos_own_signs(folder: Path) -> None:
    assert identity_of(Settings(), folder).chain == own_identity(folder).chain


P256 = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        pytest.param(issued(P256, days=(-9, -1)), pem_of(P256), "not valid today", id="expired"),
        pytest.param(issued(P256, days=(1, 9)), pem_of(P256), "not valid today", id="not valid yet"),
        pytest.param(issued(P256), pem_of(OTHER), "do not belong together", id="mismatched"),
        pytest.param(issued(P256, is_issuer=True), pem_of(P256), "an issuer's", id="issuer"),
        pytest.param(
            issued(P256, purpose=ExtendedKeyUsageOID.SERVER_AUTH), pem_of(P256), "meant for neither", id="purpose"
        ),
        pytest.param(issued(P256), pem_of(P256, b"secret"), "password", id="password"),
        pytest.param(issued(P256), pem_of(ec.generate_private_key(ec.SECP256K1())), "with this key", id="curve"),
        pytest.param(issued(P256), pem_of(rsa.generate_private_key(65537, 1024)), "with this key", id="short RSA"),
        pytest.param(issued(P256), issued(P256), "holds none", id="no key"),
        pytest.param(pem_of(P256), pem_of(P256), "certificate cannot be read", id="no certificate"),
        pytest.param(b"\0" * 99, pem_of(P256), "certificate cannot be read", id="rubbish"),
    ],
)
def test_what_cannot_sign_is_refused_in_words(certificate: bytes, key: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(SigningFailed, match=said) as refused:
        identity_from_files(*in_files(tmp_path, certificate, key))
    assert refused.value.remedy


@posix
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.pem")
    with pytest.raises(SigningFailed, match="a pipe or a device"):
        identity_from_files(tmp_path / "key.pem", tmp_path / "key.pem")


def test_a_certificate_of_an_unknown_kind_among_the_others_is_passed_over(tmp_path: Path) -> None:
    curve = bytes.fromhex("06072a8648ce3d0201")
    leaf, root = x509.load_pem_x509_certificates(issued(P256))[::-1]
    strange = x509.load_der_x509_certificate(
        root.public_bytes(serialization.Encoding.DER).replace(curve, curve[:-1] + b"\x77")
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (strange, leaf))
    assert identity_from_files(*in_files(tmp_path, chain, pem_of(P256))).name == NAME


def test_a_certificate_whose_extensions_are_damaged_is_refused_in_words(tmp_path: Path) -> None:
    leaf = x509.load_pem_x509_certificates(issued(P256))[1]
    content = leaf.public_bytes(serialization.Encoding.DER)
    # A second one of the same kind, which no certificate may have.
    damaged = x509.load_der_x509_certificate(content.replace(b"\x55\x1d\x25", b"\x55\x1d\x13"))
    with pytest.raises(SigningFailed, match="damaged"):
        identity_from_files(*in_files(tmp_path, damaged.public_bytes(serialization.Encoding.PEM), pem_of(P256)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SigningFailed, match=r"gone\.pem"):
        identity_from_files(tmp_path / "gone.pem", tmp_path / "gone.pem")


def test_a_certificate_of_sfumatos_own_needs_no_library_but_cryptography() -> None:
    chain, key = self_issued()
    assert chain.count("BEGIN CERTIFICATE") == 2
    assert key.count(b"BEGIN PRIVATE KEY") == 1
