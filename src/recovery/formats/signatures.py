"""The first bytes by which a file that is not text is known; each is written here alone."""

from recovery.words.say import say

ZIP = b"PK\x03\x04"
ZIPS = (ZIP, b"PK\x05\x06", b"PK\x07\x08")  # with those of an empty and of a divided archive
GZIP = b"\x1f\x8b"
GZIP_DEFLATE = GZIP + b"\x08"  # the only method there is
SQLITE = b"SQLite format 3\0"
FIT = b".FIT"  # at the ninth byte: how long the header is, and the protocol, stand before it
PDF = b"%PDF"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # before 2007, or locked with a password
PICTURES = {
    b"\xff\xd8\xff": say("a JPEG picture"),
    b"\x89PNG": say("a PNG picture"),
    b"GIF8": say("a GIF picture"),
}
