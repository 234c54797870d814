"""Signing with the C2PA library, which importing this loads: a twentieth of a second, and as much for cryptography."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from c2pa import Builder, C2paError, C2paSigningAlg, Context, Signer

from studio.domain.errors import SigningFailed
from studio.services.credentials_manifest import described
from studio.services.credentials_presence import HEAD_SIZE, has_credentials, media_type
from studio.services.signing_certificates import signature

if TYPE_CHECKING:
    from studio.services.credentials_manifest import Ingredient, ManifestRequest
    from studio.services.signing_identity import SigningIdentity

OFFLINE: Final = {
    "version": 1,
    # Nothing is fetched, whatever a picture names: no manifest kept elsewhere, no list of revoked certificates, and not
    # the keys of an identity assertion, which would be fetched whatever hosts are allowed.
    "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
"""Settings under which the library never uses the network."""
_SIGNING: Final = {
    **OFFLINE,
    # A small picture of each picture would add up to a megabyte, and show the pictures that it was made of.
    "builder": {
        "thumbnail": {"enabled": False},
        # Sfumato saw what it says of the picture, and does not only pass it on.
        "created_assertion_labels": ["c2pa.actions", "c2pa.ingredient"],
    },
}
_log = logging.getLogger("sfumato.signing")


def signed(content: bytes, mime: str, request: ManifestRequest, identity: SigningIdentity) -> bytes:
    """Return a picture's file with Content Credentials; all other bytes stay as they are, in their order.

    Args:
        content: the file, complete: whatever is added later breaks the signature.
        mime: its type.
        request: what to say.
        identity: who says it.

    Raises:
        SigningFailed: the library refuses.
    """
    algorithm = C2paSigningAlg[identity.algorithm]
    try:
        signer = Signer.from_callback(partial(signature, identity.key), algorithm, identity.chain)
        with Context.from_dict(_SIGNING, signer=signer) as context, Builder(request.definition(), context) as builder:
            refused = _add_ingredients(builder, request)
            if refused is None:
                result = io.BytesIO()
                builder.sign(mime, io.BytesIO(content), result)
                return result.getvalue()
    except C2paError as error:
        why = f"the C2PA library says: {error}"
        raise SigningFailed("The picture could not be signed", why, "Choose another certificate") from error
    # What the library cannot read is named by its hash alone.
    bare = tuple(replace(one, path=None) if one is refused else one for one in request.ingredients)
    return signed(content, mime, replace(request, ingredients=bare), identity)


def _add_ingredients(builder: Builder, request: ManifestRequest) -> Ingredient | None:
    """Add the pictures that lie in files, with their credentials; return the first that cannot be read, or None."""
    for index, one in enumerate(request.ingredients):
        if one.path is None:
            continue
        try:
            with one.path.open("rb") as file:
                mime = media_type(file.read(HEAD_SIZE))
                if mime is None:
                    return one
                file.seek(0)
                builder.add_ingredient(_definition(index, one), mime, file)
        except (OSError, C2paError) as error:
            _log.warning("%s is named by its hash alone: %s", one.path, error)
            return one
    return None


def _definition(index: int, ingredient: Ingredient) -> dict[str, Any]:
    assert ingredient.path is not None
    return described(index, ingredient, has_credentials=has_credentials(ingredient.path))
