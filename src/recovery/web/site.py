"""What the server knows while it runs: the home, who it answers to, keys, limits. All of it is bounded."""

import ipaddress
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from recovery.errors import RecoveryError
from recovery.home import keys
from recovery.home.folder import Home
from recovery.home.keys import Key
from recovery.home.settings import Settings, load_settings
from recovery.vocabulary.roles import Role
from recovery.web.limits import Failures, Rate

log = logging.getLogger("recovery.web")

Stamp = tuple[int, int, int]

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class Visitor(NamedTuple):
    """Who asks: the key that was shown, whether as a cookie, and the token that forms of this session carry."""

    key: Key
    secret: str
    is_by_cookie: bool
    is_loopback: bool

    @property
    def is_owner_here(self) -> bool:
        """The owner on the computer itself is never made to wait."""
        return self.key.role is Role.OWNER and self.is_loopback


@dataclass
class Site:
    """One home being served."""

    folder: Path
    port: int
    names: frozenset[str] = frozenset()  # further host names, of the certificate or of the proxy
    is_tls: bool = False
    is_proxied: bool = False  # a proxy with TLS, on this computer, has the names
    nightly_at: tuple[str, ...] = ()  # when this server makes a run by itself, as 04:30
    failures: Failures = field(default_factory=Failures)
    rate: Rate = field(default_factory=lambda: Rate(per_s=10.0, at_once=200.0))
    _settings: tuple[Stamp, Settings] | None = None
    _keys: tuple[Stamp, dict[str, Key]] | None = None
    _used: OrderedDict[str, str] = field(default_factory=OrderedDict)

    @property
    def home(self) -> Home:
        return Home(self.folder)

    @property
    def cookie(self) -> str:
        """The name of the cookie; cookies are shared by all ports of a computer, and so by homes."""
        return f"recovery-{keys.digest(str(self.folder.resolve()))[:8]}"

    def settings(self) -> Settings:
        """The settings as they are now, read again where recovery.toml changed."""
        stamp = stamp_of(self.home.settings)
        if self._settings is None or self._settings[0] != stamp:
            self._settings = (stamp, load_settings(self.folder))
        return self._settings[1]

    def key_of(self, secret: str, kind: str) -> Key | None:
        """The key with this secret; None where there is none, or its time is up."""
        if not 0 < len(secret) <= keys.LONGEST_SECRET:
            return None
        stamp = stamp_of(self.home.keys)
        if self._keys is None or self._keys[0] != stamp:
            self._keys = (stamp, {key.sha256: key for key in keys.known(self.home)})
        key = self._keys[1].get(keys.digest(secret))
        now = datetime.now(UTC)
        if key is None or key.kind != kind or key.is_over(now):
            return None
        self._note_use(key, f"{now:%Y-%m-%d}")
        return key

    def _note_use(self, key: Key, day: str) -> None:
        if key.used == day or self._used.get(key.id) == day:
            return
        self._used[key.id] = day
        while len(self._used) > keys.MOST_SESSIONS:
            self._used.popitem(last=False)
        try:
            keys.note_use(self.home, key.id, day)
        except (OSError, RecoveryError):  # a full disk, another command that writes: the key is right all the same
            log.exception("the use of a key cannot be noted")

    def is_own_host(self, host: str, local_address: str) -> bool:
        """Whether a header `Host` names this server: else a name of somebody else could be pointed at it.

        An address that the connection came in at cannot be pointed elsewhere, so it needs no list.
        """
        name, port = _split(host)
        if name in self.names:
            return True
        is_here = name in LOOPBACK_NAMES or name == local_address
        return is_here and (port or (443 if self.is_tls else 80)) == self.port

    def is_by_proxy(self, host: str) -> bool:
        """Whether a request for this host came through the proxy before us."""
        return self.is_proxied and _split(host)[0] in self.names

    def is_https(self, host: str) -> bool:
        """Whether the browser speaks TLS when it asks for this host, to us or to the proxy."""
        return self.is_tls or self.is_by_proxy(host)

    def origin(self, host: str) -> str:
        """The origin of our own pages, as a browser that asks for this host tells it."""
        return f"{'https' if self.is_https(host) else 'http'}://{host}"


def stamp_of(path: Path) -> Stamp:
    """Changes whenever a file is replaced or written; zeros where there is none."""
    try:
        state = path.stat()
    except OSError:
        return (0, 0, 0)
    return (state.st_ino, state.st_mtime_ns, state.st_size)


def is_loopback(address: str) -> bool:
    """True for an address of the computer itself."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the network of one household."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if found.version == 6 else address


def _split(host: str) -> tuple[str, int | None]:
    """Name and port of a header `Host`; -1 for a port that is none."""
    name, separator, port = host.rpartition(":")
    if not separator or "]" in port:
        return host.strip("[]").lower(), None
    return name.strip("[]").lower(), int(port) if port.isascii() and port.isdigit() and len(port) < 6 else -1
