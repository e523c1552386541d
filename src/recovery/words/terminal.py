"""Text of others on a terminal: nothing in it is a command to the terminal."""


def printable(text: str, *, keep_lines: bool = False) -> str:
    r"""The text with control characters and lone surrogates written out, as `\x1b`."""
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable() or (keep_lines and letter == "\n")
        else letter.encode("unicode_escape", "surrogatepass").decode("ascii")
        for letter in text
    )
