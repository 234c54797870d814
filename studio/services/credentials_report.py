"""What the Content Credentials of a picture say, and what they are worth, in words.

All of it comes out of a file that anybody may have made: texts are cut and freed of control characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from studio.domain.source_type import SourceType
from studio.services.credentials_manifest import INSTANCE_PREFIX, SELF_ISSUED, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UNTRUSTED: Final = "signingCredential.untrusted"
_LONGEST: Final = 200
"""Characters of a text that are shown."""
_MOST: Final = 50
"""Actions, ingredients and reasons that are shown."""
_PAINTING: Final = {"c2pa.created", "c2pa.edited"}
_REASONS: Final = {
    "assertion.dataHash.mismatch": "the picture was changed after it was signed",
    "assertion.bmffHash.mismatch": "the picture was changed after it was signed",
    "assertion.boxesHash.mismatch": "the picture was changed after it was signed",
    "assertion.hashedURI.mismatch": "what the credentials say was changed after they were signed",
    "assertion.missing": "something that was signed has been taken out",
    "assertion.undeclared": "something was added to the credentials after they were signed",
    "claim.missing": "what was signed is not there",
    "claim.multiple": "more is there than was signed",
    "claim.malformed": "what was signed cannot be read",
    "claimSignature.missing": "there is no signature",
    "claimSignature.mismatch": "the signature does not fit what was signed",
    "claimSignature.outsideValidity": "the certificate was not valid when it signed",
    "signingCredential.invalid": "the certificate is none that pictures may be signed with",
    "signingCredential.expired": "the certificate has expired, and nothing proves that it was valid when it signed",
    "signingCredential.ocsp.revoked": "the certificate was revoked",
    "ingredient.hashedURI.mismatch": "the credentials of a picture it was made of were changed",
    "ingredient.claimSignature.mismatch": "the credentials of a picture it was made of were changed",
    "ingredient.manifest.mismatch": "the credentials of a picture it was made of were changed",
}
"""By the codes of C2PA Technical Specification 2.2, section 15.2."""


class CredentialsState(Enum):
    """What Content Credentials are worth."""

    ABSENT = "absent"
    """There are none."""
    OWN = "own"
    """They are whole, and this Sfumato signed them."""
    UNVERIFIED = "unverified"
    """They are whole; whether the signer is who it claims to be, nothing here can tell."""
    INVALID = "invalid"
    """They are broken, or not about this picture any more."""
    UNCHECKED = "unchecked"
    """They are there, but could not be checked."""


@dataclass(frozen=True, slots=True)
class ReportedAction:
    """What was done to a picture.

    Attributes:
        name: without C2PA's prefix: ``created``.
        agent: what did it: a program or a model; may be empty.
        source_type: IPTC's term for what came of it, without its address; may be empty.
        when: as it is written; may be empty.
    """

    name: str
    agent: str = ""
    source_type: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class ReportedIngredient:
    """A picture that it was made of.

    Attributes:
        title: what the credentials call it.
        relation: what it is to the picture; None for one that is not known here.
        sha256: hex SHA-256 of its raw RGB pixels, where Sfumato named it by that; else empty.
        has_credentials: whether its own credentials are there as well.
        reasons: why those are not valid; empty where they are, or where there are none.
    """

    title: str
    relation: Relation | None = None
    sha256: str = ""
    has_credentials: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsReport:
    """What a picture's Content Credentials say.

    Attributes:
        state: what they are worth.
        reasons: why they are invalid or could not be checked, in words.
        signer: name of the certificate; may be empty, as all texts may.
        issuer: organisation that it names.
        signed: when, if a time stamp proves it.
        generator: program that wrote them.
        actions: what was done, in order.
        ingredients: what the picture was made of.
    """

    state: CredentialsState
    reasons: tuple[str, ...] = ()
    signer: str = ""
    issuer: str = ""
    signed: str = ""
    generator: str = ""
    actions: tuple[ReportedAction, ...] = ()
    ingredients: tuple[ReportedIngredient, ...] = ()

    @property
    def is_self_issued(self) -> bool:
        """Whether the certificate says of itself that a Sfumato issued it to itself."""
        return self.signer.startswith(SELF_ISSUED)

    @property
    def source_type(self) -> str:
        """IPTC's term for the picture as it is now, without its address; may be empty."""
        return next((action.source_type for action in reversed(self.actions) if action.source_type), "")

    @property
    def model(self) -> str:
        """Who painted, last of all; a model, where a program has named it."""
        return next((one.agent for one in reversed(self.actions) if one.agent and f"c2pa.{one.name}" in _PAINTING), "")

    def described(self) -> list[str]:
        """Return it in lines for people; the first says what it is worth."""
        if self.state is CredentialsState.ABSENT:
            return ["Content Credentials: none"]
        verdict = "; ".join([_VERDICTS[self.state], *self.reasons])
        lines = [f"Content Credentials: {verdict}"]
        if self.signer or self.issuer:
            lines.append(f"Signed by: {self._signer_in_words()}")
        lines += [f"{title}: {text}" for title, text in self._facts() if text]
        return lines

    def as_json(self) -> dict[str, object]:
        """Return it as values that JSON has."""
        return {
            "state": self.state.value,
            "reasons": list(self.reasons),
            "signer": self.signer,
            "issuer": self.issuer,
            "self_issued": self.is_self_issued,
            "signed": self.signed,
            "generator": self.generator,
            "source_type": self.source_type,
            "model": self.model,
            "actions": [
                {"action": one.name, "agent": one.agent, "source_type": one.source_type, "when": one.when}
                for one in self.actions
            ],
            "ingredients": [
                {
                    "title": one.title,
                    "relation": one.relation and one.relation.value,
                    "sha256": one.sha256,
                    "has_credentials": one.has_credentials,
                    "reasons": list(one.reasons),
                }
                for one in self.ingredients
            ],
        }

    def _signer_in_words(self) -> str:
        name = " of ".join(dict.fromkeys(filter(None, (self.signer, self.issuer))))
        if self.state is CredentialsState.OWN:
            return f"this Sfumato, with the certificate that it issued to itself ({self.signer})"
        if self.is_self_issued:
            return f"a Sfumato, with a certificate that it issued to itself, which says nothing of who ({self.signer})"
        return f"{name} (as the certificate says; Sfumato has no list of signers to check that against)"

    def _facts(self) -> Iterable[tuple[str, str]]:
        known = SourceType.of_uri(self.source_type)
        yield "Signed on", self.signed
        yield "Written by", self.generator
        yield "Kind", f"{known.title} ({self.source_type})" if known else self.source_type
        yield "Painted by", self.model
        yield "Done", ", then ".join(one.name for one in self.actions)
        yield "Made of", "; ".join(_in_words(one) for one in self.ingredients)


_VERDICTS: Final = {
    CredentialsState.OWN: "valid; nothing was changed since they were signed",
    CredentialsState.UNVERIFIED: "valid; nothing was changed since they were signed",
    CredentialsState.INVALID: "INVALID",
    CredentialsState.UNCHECKED: "there, but they cannot be checked",
}


def report_of(store: Mapping[str, Any], state: str) -> CredentialsReport:
    """Return what the C2PA library read.

    Args:
        store: its JSON.
        state: its verdict: ``Invalid``, ``Valid`` or ``Trusted``, the last for those of this Sfumato.
    """
    manifest = _mapping(_mapping(store.get("manifests")).get(str(store.get("active_manifest"))))
    signature = _mapping(manifest.get("signature_info"))
    reasons = reasons_of(_mapping(store.get("validation_results")))
    states = {"Trusted": CredentialsState.OWN, "Valid": CredentialsState.UNVERIFIED}
    generators = manifest.get("claim_generator_info")
    generator = _mapping(generators[0]) if isinstance(generators, list) and generators else {}
    names = (_text(generator.get("name")) or _text(manifest.get("claim_generator")), _text(generator.get("version")))
    return CredentialsReport(
        state=states.get(state, CredentialsState.INVALID),
        reasons=reasons if state not in states else (),
        signer=_text(signature.get("common_name")),
        issuer=_text(signature.get("issuer")),
        signed=_text(signature.get("time")),
        generator=" ".join(filter(None, names)),
        actions=tuple(_actions(manifest))[:_MOST],
        ingredients=tuple(map(_ingredient, _mappings(manifest.get("ingredients"))))[:_MOST],
    )


def reasons_of(results: Mapping[str, Any]) -> tuple[str, ...]:
    """Return why something is not valid, in words, each reason once; an unknown signer is none."""
    deltas = [_mapping(one.get("validationDeltas")) for one in _mappings(results.get("ingredientDeltas"))]
    parts = [_mapping(results.get("activeManifest")), *deltas]
    failures = [one for part in parts for one in _mappings(part.get("failure")) if one.get("code") != UNTRUSTED]
    return tuple(dict.fromkeys(_reason(one) for one in failures))[:_MOST]


def _reason(failure: Mapping[str, Any]) -> str:
    code = _text(failure.get("code"))
    return _REASONS.get(code) or f"{_text(failure.get('explanation')) or 'no reason is given'} ({code})"


def _actions(manifest: Mapping[str, Any]) -> Iterable[ReportedAction]:
    for assertion in _mappings(manifest.get("assertions")):
        if not str(assertion.get("label")).startswith("c2pa.actions"):
            continue
        for action in _mappings(_mapping(assertion.get("data")).get("actions")):
            agent = action.get("softwareAgent")
            name = _mapping(agent).get("name") if isinstance(agent, dict) else agent
            yield ReportedAction(
                name=_text(action.get("action")).removeprefix("c2pa."),
                agent=_text(name),
                source_type=_text(action.get("digitalSourceType")).rpartition("/")[2],
                when=_text(action.get("when")),
            )


def _ingredient(values: Mapping[str, Any]) -> ReportedIngredient:
    instance = _text(values.get("instance_id"))
    relation = next((one for one in Relation if one.value == values.get("relationship")), None)
    return ReportedIngredient(
        title=_text(values.get("title")),
        relation=relation,
        sha256=instance.removeprefix(INSTANCE_PREFIX) if instance.startswith(INSTANCE_PREFIX) else "",
        has_credentials="active_manifest" in values,
        reasons=reasons_of(_mapping(values.get("validation_results"))),
    )


def _in_words(ingredient: ReportedIngredient) -> str:
    title = ingredient.title or "a picture"
    if not ingredient.has_credentials:
        return f"{title} (without credentials)"
    return f"{title} (with credentials{': ' + ', '.join(ingredient.reasons) if ingredient.reasons else ''})"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(one) for one in value] if isinstance(value, list) else []


def _text(value: object) -> str:
    """Return a text as it may be shown on a terminal and in a window; empty for what is none."""
    if not isinstance(value, str):
        return ""
    return "".join(mark if mark.isprintable() else " " for mark in value[:_LONGEST]).strip()
