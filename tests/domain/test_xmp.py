"""XMP says what it was given, in a form that any program reads; what comes from outside can do no harm."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.source_type import SourceType
from studio.domain.xmp import MAX_PACKET, Xmp

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")
)
packets = st.builds(
    Xmp,
    digital_source_type=st.sampled_from([term.uri for term in SourceType]) | words,
    ai_system=words,
    ai_system_version=words,
    prompt=words,
    tool=words,
    own_json=words,
)
FULL = Xmp(digital_source_type=SourceType.GENERATED.uri, tool="Sfumato", prompt="a <red> fox & a \u201ccat\u201d\r\n")


@given(packets)
def test_a_packet_comes_back(xmp: Xmp) -> None:
    assert Xmp.read(xmp.to_packet()) == xmp
    assert Xmp.read(xmp.to_extension()) == xmp
    assert xmp.is_empty == (
        not any((xmp.digital_source_type, xmp.ai_system, xmp.ai_system_version, xmp.prompt, xmp.tool, xmp.own_json))
    )


@given(st.text(st.characters(exclude_categories=())))
def test_what_xml_cannot_hold_does_not_cost_the_packet(text: str) -> None:
    xmp = replace(FULL, prompt=text)
    read = Xmp.read(xmp.to_packet())
    assert read.source_type is SourceType.GENERATED
    assert read.prompt == re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def test_a_packet_stands_as_the_standard_has_it() -> None:
    packet = FULL.to_packet().decode()
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert packet.endswith('<?xpacket end="r"?>')
    root = ElementTree.fromstring(packet)
    term = root.find(".//{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
    assert term is not None
    assert term.text == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert "sfumato" not in packet, "what is not said needs no namespace"


FOREIGN = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Another Program"/>
<rdf:Description rdf:about="" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{}</rdf:Description>
</rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize(
    "element",
    [
        f"<e:DigitalSourceType>{SourceType.COMPOSITE.uri}</e:DigitalSourceType>",
        f'<e:DigitalSourceType rdf:resource="{SourceType.COMPOSITE.uri}"/>',
        f"<e:DigitalSourceType><rdf:Bag><rdf:li>{SourceType.COMPOSITE.uri}</rdf:li></rdf:Bag></e:DigitalSourceType>",
    ],
)
def test_other_programs_may_write_it_in_other_ways(element: str) -> None:
    xmp = Xmp.read(b"\n" + FOREIGN.format(element).encode() + b" \0\0")
    assert xmp.source_type is SourceType.COMPOSITE
    assert xmp.tool == "Another Program"


def test_a_term_of_others_is_read_as_it_stands() -> None:
    photo = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    xmp = Xmp.read(FOREIGN.format(f"<e:DigitalSourceType>{photo}</e:DigitalSourceType>").encode())
    assert xmp.digital_source_type == photo
    assert xmp.source_type is None


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + FULL.to_extension()


@pytest.mark.parametrize(
    "packet", [b"", b"\0", b"<", b"no xml", FULL.to_packet()[:-40], BOMB, b" " * (MAX_PACKET + 1), b"\xff\xfe<\0x\0"]
)
def test_a_packet_that_is_none_says_nothing(packet: bytes) -> None:
    assert Xmp.read(packet).is_empty


@given(st.binary(max_size=200))
def test_of_any_bytes_something_is_read(content: bytes) -> None:
    Xmp.read(content)
    Xmp.read(FULL.to_packet()[:300] + content + FULL.to_packet()[300:])
