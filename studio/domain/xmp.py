"""XMP, the form of metadata that every program for pictures reads: written, and read from a file nobody can trust.

Source: XMP Specification Part 1 (ISO 16684-1), and the IPTC Photo Metadata Standard 2025.1 for what the names mean.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from studio.domain.source_type import SourceType
from studio.domain.xml_text import is_storable, storable

MAX_PACKET: Final = 16 * 1024**2
"""Bytes of a packet that are read; ours have a few hundred, and 2 MB with the longest of prompts."""
LONGEST_PROMPT: Final = 2000
"""Characters; IPTC's own limit for a caption. A longer prompt stands in the other texts alone."""
_IPTC: Final = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_BASIC: Final = "http://ns.adobe.com/xap/1.0/"
_NOTE: Final = "http://ns.adobe.com/xmp/note/"
_OWN: Final = "urn:sfumato:xmp:"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMES: Final = {
    "digital_source_type": ("Iptc4xmpExt", _IPTC, "DigitalSourceType"),
    "ai_system": ("Iptc4xmpExt", _IPTC, "AISystemUsed"),
    "ai_system_version": ("Iptc4xmpExt", _IPTC, "AISystemVersionUsed"),
    "prompt": ("Iptc4xmpExt", _IPTC, "AIPromptInformation"),
    "tool": ("xmp", _BASIC, "CreatorTool"),
    "extension": ("xmpNote", _NOTE, "HasExtendedXMP"),
    "own_json": ("sfumato", _OWN, "metadata"),
}
"""Where each field of `Xmp` stands: prefix, namespace and name."""
_HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL: Final = '\n<?xpacket end="r"?>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Xmp:
    """What a packet says, as far as Sfumato knows it; empty where it says nothing.

    Attributes:
        digital_source_type: address of IPTC's term, or whatever stands there.
        ai_system: program and model that painted it.
        ai_system_version: of the program.
        prompt: what it was asked for.
        tool: program that wrote the file.
        extension: name of the further packet, in a JPEG that has no room for all in one.
        own_json: `studio.domain.metadata.Metadata.to_json`, in a JPEG that has no room for it elsewhere.
    """

    digital_source_type: str = ""
    ai_system: str = ""
    ai_system_version: str = ""
    prompt: str = ""
    tool: str = ""
    extension: str = ""
    own_json: str = ""

    @property
    def source_type(self) -> SourceType | None:
        """The term, where it is one of those that Sfumato uses itself."""
        return SourceType.of_uri(self.digital_source_type)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return self == Xmp()

    @staticmethod
    def can_hold(text: str) -> bool:
        """Tell whether a text comes back from a packet as it is."""
        return is_storable(text)

    def to_packet(self) -> bytes:
        """Return it as a file holds it: UTF-8, read-only. What XML cannot hold is replaced by U+FFFD."""
        return (_HEAD + self._element() + _TAIL).encode()

    def to_extension(self) -> bytes:
        """Return it as a JPEG's further packet, which has no wrapper: XMP Specification Part 3, 1.1.3.1."""
        return self._element().encode()

    @classmethod
    def read(cls, packet: bytes) -> Xmp:
        """Return what a packet says; nothing where it is damaged, huge, or made to do harm."""
        if len(packet) > MAX_PACKET:
            return cls()
        try:
            # The spaces and NULs with which some programs leave room for later are no XML.
            root = ElementTree.XML(packet.strip(b"\0 \t\r\n"), ElementTree.XMLParser(target=_PlainTree()))
        except (ElementTree.ParseError, ValueError, LookupError):
            return cls()
        places = {f"{{{namespace}}}{name}": field for field, (_, namespace, name) in _NAMES.items()}
        found: dict[str, str] = {}
        for description in root.iter(f"{{{_RDF}}}Description"):
            said = [*description.items(), *((child.tag, _text(child)) for child in description)]
            found |= {places[tag]: text for tag, text in said if tag in places and text}
        return cls(**found)

    def _element(self) -> str:
        said = {field: text for field in _NAMES if (text := storable(str(getattr(self, field))))}
        spaces = sorted({_NAMES[field][:2] for field in said})
        declared = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in spaces)
        lines = "".join(_property(*_NAMES[field], text) for field, text in said.items())
        return (
            f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
            f'<rdf:Description rdf:about=""{declared}>{lines}</rdf:Description></rdf:RDF></x:xmpmeta>'
        )


class _PlainTree(ElementTree.TreeBuilder):
    """Refuses a document type: entities, the means of most attacks by XML, can only be declared in one."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it.

        Raises:
            ValueError: always.
        """
        del name, pubid, system
        message = "it declares a document type, which no packet has"
        raise ValueError(message)


def _property(prefix: str, _: str, name: str, text: str) -> str:
    # A carriage return would come back as a line feed.
    # A bare carriage return would be read as the end of a line.
    escaped = html.escape(text, quote=False).replace("\r", "&#13;")
    return f"<{prefix}:{name}>{escaped}</{prefix}:{name}>"


def _text(element: ElementTree.Element) -> str:
    """Return a property's text: its own, a resource's address, or the first of a list or of several languages."""
    item = next(element.iter(f"{{{_RDF}}}li"), element)
    return item.get(f"{{{_RDF}}}resource") or ("" if len(item) else item.text or "")
