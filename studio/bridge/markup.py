"""Pictures in HTML, as other programs offer it when something is dropped."""

from __future__ import annotations

from html.parser import HTMLParser

from typing_extensions import override


def picture_links(html: str) -> list[str]:
    """Return where the pictures of a piece of HTML lie, in its order, whatever it says there."""
    parser = _Pictures()
    parser.feed(html)
    return parser.sources


class _Pictures(HTMLParser):
    """Collects the links of pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.sources += [value.strip() for name, value in attrs if name == "src" and value]
