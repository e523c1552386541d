"""Text of others is no markup, whatever it holds: a renderer of Markdown shows it as it stands."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from recovery.words.markdown import literal
from recovery.words.terminal import printable

HOSTILE = [
    "<script>alert(1)</script>.fit",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "[x]: https://example.org",
    "https://example.org/a www.example.org a@example.org",
    "<https://example.org>",
    "a | b\n--- | ---\n1 | 2",
    "`code` ``more`` ```\nfence\n```",
    "line\r\n\r\n# heading\n- item\n> quote\n\n    block",
    "    four spaces",
    "1. first",
    "1) first",
    "- - -",
    "*a* **b** _c_ __d__ ~~e~~",
    "&lt;b&gt; &#60;b&#62;",
    "a\\",
    "a\\<b>",
    "\x1b[2J\u202eabc\u2028def\x00\ud800",
    "+ [ ] task",
    "Behandlungen_2026 (final).csv",
]


class Shown(HTMLParser):
    """The tags of some HTML and the text it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> Shown:
    """What a reader sees of Markdown with raw HTML, tables and strikethrough switched on."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    parser = Shown()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_stands(text: str) -> None:
    listed = shown(f"- {literal(text)}\n- {literal(text)}")
    alone = shown(literal(text))

    assert listed.tags == ["ul", "li", "li"]
    assert alone.tags == ["p"]
    assert alone.text.strip() == printable(text).strip()


@pytest.mark.slow
@given(st.text(alphabet=st.sampled_from("ab 1.-+*_#>|`~<&;:/@[](){}!\\\"'=\n\t\u202e"), max_size=40))
def test_no_text_is_markup(text: str) -> None:
    seen = shown(f"- x{literal(text)}")

    assert seen.tags == ["ul", "li"]
    assert seen.text.strip() == f"x{printable(text)}".strip()
