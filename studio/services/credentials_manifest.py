"""What the Content Credentials of a picture say: how it came to be, and from which pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from studio import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from studio.domain.source_type import SourceType

GENERATOR: Final = "Sfumato"
SELF_ISSUED: Final = "Sfumato self-issued"
"""How every name in a certificate of Sfumato's own begins; it says no more about whoever uses it."""
INSTANCE_PREFIX: Final = "sha256:"
"""Begins the id of an ingredient without credentials of its own; the hash of its pixels follows."""
MODEL_HASH: Final = "sfumato.model_sha256"
"""Of an action's parameters: hex SHA-256 over the model's weights."""
_BLANK: Final = "http://c2pa.org/digitalsourcetype/empty"
"""C2PA's term for a canvas with nothing on it, which IPTC's vocabulary lacks."""


class Relation(Enum):
    """What a picture is to one that was made of it; the value is C2PA's word."""

    PARENT = "parentOf"
    """It was opened and changed. There is at most one."""
    COMPONENT = "componentOf"
    """It was laid into another one."""
    INPUT = "inputTo"
    """A model began with it, or with its settings."""

    @property
    def title(self) -> str:
        """What such a picture is called in the credentials: not by its file, whose name may hold the prompt."""
        return {
            Relation.PARENT: "The picture before",
            Relation.COMPONENT: "A picture laid into it",
            Relation.INPUT: "A picture that the model began with",
        }[self]


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A picture that another one was made of.

    Attributes:
        relation: what it is to the other one.
        sha256: hex SHA-256 of its raw RGB pixels.
        path: its file, whose own credentials go into the new ones; None where nobody has it any more.
    """

    relation: Relation
    sha256: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRequest:
    """What is to be signed; neither prompt nor seed is ever part of it.

    Attributes:
        source_type: how the picture came to be; None where nobody can say, or nothing is in it.
        model: name of the one that painted, or painted last; empty where none did, or none is to be named.
        model_hash: hex SHA-256 over its weights; may be empty.
        created: when it was painted; None where that is not to be said.
        ingredients: what it was made of; at most one parent.
    """

    source_type: SourceType | None
    model: str = ""
    model_hash: str = ""
    created: datetime | None = None
    ingredients: tuple[Ingredient, ...] = ()

    def definition(self) -> dict[str, Any]:
        """Return it as the C2PA library takes it: JSON, with `label_of` each ingredient to refer to it by."""
        actions = [*self._first_actions(), *self._later_actions()]
        return {
            "claim_generator_info": [{"name": GENERATOR, "version": __version__}],
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
            "ingredients": [described(index, one) for index, one in enumerate(self.ingredients) if one.path is None],
        }

    def _first_actions(self) -> Iterable[dict[str, Any]]:
        """Yield how it began: opened or created, which C2PA Technical Specification 2.2, section 18.15, asks for."""
        if parents := self._labels(Relation.PARENT):
            yield {"action": "c2pa.opened", "parameters": {"ingredientIds": parents}}
        else:
            yield self._painted("c2pa.created")

    def _later_actions(self) -> Iterable[dict[str, Any]]:
        if components := self._labels(Relation.COMPONENT):
            yield {"action": "c2pa.placed", "parameters": {"ingredientIds": components}}
        if self._labels(Relation.PARENT):
            yield self._painted("c2pa.edited")

    def _painted(self, action: str) -> dict[str, Any]:
        parameters = {
            MODEL_HASH: self.model_hash if self.model else "",
            "ingredientIds": self._labels(Relation.INPUT),
        }
        uri = self.source_type.uri if self.source_type else _BLANK if action == "c2pa.created" else ""
        values = {
            "action": action,
            "when": self.created.isoformat(timespec="seconds") if self.created else "",
            "softwareAgent": {"name": self.model} if self.model else {},
            "digitalSourceType": uri,
            "parameters": {name: value for name, value in parameters.items() if value},
        }
        return {name: value for name, value in values.items() if value}

    def _labels(self, relation: Relation) -> list[str]:
        return [label_of(index) for index, one in enumerate(self.ingredients) if one.relation is relation]


def label_of(index: int) -> str:
    """Return what the ingredient at a place is called until it is signed."""
    return f"ingredient-{index}"


def described(index: int, ingredient: Ingredient, *, has_credentials: bool = False) -> dict[str, Any]:
    """Return an ingredient as the C2PA library takes it.

    Args:
        index: its place.
        ingredient: the picture.
        has_credentials: whether it has its own, which say more of it than its hash.
    """
    is_named = bool(ingredient.sha256) and not has_credentials
    return {
        "label": label_of(index),
        "relationship": ingredient.relation.value,
        "title": ingredient.relation.title,
        "instance_id": INSTANCE_PREFIX + ingredient.sha256 if is_named else None,
    }
