"""The way of the owner into the live page: a page of the disk that posts a one-time code.

The address of a page stands in the arguments of the browser, which everybody on the computer can list. So the code
stands in a file that only its owner can read, and the browser is given the path of that file.
"""

from html import escape
from pathlib import Path

from recovery.home import keys
from recovery.home.disk import write_private
from recovery.home.folder import Home
from recovery.vocabulary.roles import Role
from recovery.words.say import say

PAGE = """<!doctype html><meta charset="utf-8"><title>Recovery</title>
<form method="post" action="{address}/enter"><input type="hidden" name="code" value="{code}"><button>{label}</button>
</form><script>document.forms[0].submit()</script>
"""


def owner_code(home: Home) -> str:
    """A code for a browser of the owner, good once within ten minutes."""
    return keys.make(home, keys.CODE, Role.OWNER, note=say("browser"), lasts=keys.CODE_LASTS)[1]


def entry_link(address: str, code: str) -> str:
    """An address that brings a browser in: the code stands behind the #, which browsers send to nobody."""
    return f"{address}/enter#{code}"


def entry_page(home: Home, address: str) -> Path:
    """The page of the disk, with a new code, for the live page at an address."""
    label = say("Come in")
    write_private(home.entry_page, PAGE.format(address=escape(address), code=owner_code(home), label=escape(label)))
    return home.entry_page
