"""Dask for the shards of a study: a local cluster that talks to nobody else, or one that exists.

A cluster runs pickled code for whoever may talk to it, so all talk is by TLS with certificates on both sides. Those of
the local cluster are made for it and lie in memory alone. It listens on 127.0.0.1, has no dashboard, and keeps its
temporary files in the folder of the study. Dask is an optional dependency: `recovery[cohort]`.
"""

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recovery.errors import HomeError, SettingsError
from recovery.words.say import say

if TYPE_CHECKING:
    from distributed import Security

NEEDED = ("distributed", "prefect_dask", "cryptography")
HOST = "127.0.0.1"
MEMORY_MB = 1500  # of a worker, which is ended and begins anew beyond nineteen twentieths of it
QUIET: dict[str, Any] = {
    "distributed.worker.daemon": False,  # a worker reads files in a fork of its own
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.comm.require-encryption": True,
    "distributed.comm.tls.min-version": 1.3,
}


class Certificates(NamedTuple):
    """Files of an existing cluster's TLS, as its administrator gives them."""

    authority: Path
    certificate: Path
    key: Path


def must_be_installed(needed: Sequence[str] = NEEDED) -> None:
    """Raises HomeError where the optional libraries are missing."""
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise HomeError(
            say("A study is worked with Dask, which is not installed ({missing} is missing).", missing=missing[0]),
            say("Install it: pip install '.[cohort]', or work one shard after the other: --without-dask"),
        )


@contextmanager
def quietly() -> Iterator[None]:
    """Dask as it is configured here, for as long as the context lasts: whatever begins in it serves nobody else."""
    import dask

    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({**QUIET, "temporary-directory": tempfile.gettempdir()}):
        yield


def local(workers: int, memory_mb: float, security: "Security") -> dict[str, Any]:
    """What makes a `distributed.LocalCluster` of processes on this machine; to be used in `quietly`."""
    return {
        "n_workers": workers,
        "threads_per_worker": 1,  # DuckDB has its own; temporary folders and the umask are of a process
        "processes": True,
        "memory_limit": f"{memory_mb:.0f}MB",
        "host": HOST,
        "protocol": "tls://",
        "security": security,
        "dashboard_address": f"{HOST}:0",  # of a server without a page: Dask cannot leave it out
        "scheduler_kwargs": {"dashboard": False},
        "worker_dashboard_address": f"{HOST}:0",
        "silence_logs": logging.CRITICAL,
    }


def temporary_certificates() -> "Security":
    """Certificates for one cluster, in memory alone."""
    from distributed import Security

    security: Security = Security.temporary()
    return security


def security_of(address: str, certificates: Certificates | None) -> "Security":
    """How to talk to an existing scheduler.

    Raises SettingsError for an address without TLS, or where a file is missing.
    """
    from distributed import Security

    if not address.startswith("tls://") or certificates is None:
        raise SettingsError(
            say("The scheduler {address} is not asked: it would run code for anybody.", address=address),
            say("Use tls:// with --tls-ca, --tls-cert and --tls-key."),
        )
    for path in certificates:
        if not path.is_file():
            raise SettingsError(say("{path} is missing.", path=path))
    return Security(
        tls_ca_file=str(certificates.authority),
        tls_client_cert=str(certificates.certificate),
        tls_client_key=str(certificates.key),
        require_encryption=True,
    )


def usual_workers() -> int:
    """A worker for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
