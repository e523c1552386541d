"""An address as a picture that the camera of a phone reads."""

import segno
from markupsafe import Markup


def qr_svg(text: str, title: str) -> Markup:
    """The QR code of a text as inline SVG, always dark on light, with a title for who does not see it."""
    code = segno.make(text, error="m", micro=False)
    # segno escapes the title; the text is only in the squares
    return Markup(code.svg_inline(scale=6, border=4, dark="#000", light="#fff", title=title, svgclass="qr"))  # noqa: S704
