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
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recovery.errors import HomeError, RecoveryError, SettingsError
from recovery.home.memory import collect_seldom
from recovery.job import shard
from recovery.job.shard import Outcome, ShardJob
from recovery.words.say import say

if TYPE_CHECKING:
    from distributed import Client, Security, Worker

NEEDED = ("distributed", "prefect_dask", "cryptography")
HOST = "127.0.0.1"
MEMORY_MB = 1500  # of a worker, which is ended and begins anew beyond nineteen twentieths of it
WORKERS_WITHIN_S = 60  # a worker of a cluster that exists is there, or its administrator is asked
CONNECTED_WITHIN_S = 20
QUIET: dict[str, Any] = {
    "distributed.worker.daemon": False,  # a worker reads files in a fork of its own
    "distributed.worker.profile.enabled": False,
    # Dask has malloc give back at once what is free: then each larger array of the effects costs page faults.
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.worker-saturation": 1.0,  # a shard waits for whichever worker is free, not behind another
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


def client_of(address: str, certificates: Certificates | None) -> dict[str, Any]:
    """How a client of an existing scheduler is made. Raises SettingsError as `security_of` does."""
    return {"security": security_of(address, certificates), "timeout": CONNECTED_WITHIN_S}


@contextmanager
def reached(address: str) -> Iterator[None]:
    """Raises RecoveryError where a cluster does not answer, refuses us, or has no worker."""
    try:
        yield
    except TimeoutError as error:
        if not address or "workers" not in str(error):
            raise _unreached(address, error) from error
        raise RecoveryError(
            say("No worker is connected to {address}.", address=address),
            say("Start some: dask worker {address} --nthreads 1 --tls-ca-file ...", address=address),
        ) from error
    except OSError as error:
        raise _unreached(address, error) from error


def _unreached(address: str, error: Exception) -> RecoveryError:
    if not address:
        return RecoveryError(
            say("The workers of this machine did not start: {error}.", error=str(error).rstrip(".")),
            say("Run again, or work one shard after the other: --without-dask"),
        )
    return RecoveryError(
        say("{address} does not answer, or does not know this certificate.", address=address),
        say("Look whether the scheduler runs, and whether its certificates have the same authority as yours."),
    )


def must_fit(client: "Client", job: ShardJob) -> None:
    """Raises RecoveryError where a worker cannot work shards: faster than any other, it would fail them all."""
    for address, answer in client.run(unfit, job, on_error="return").items():
        if isinstance(answer, BaseException):
            answer = say("{kind}: {error}", kind=type(answer).__name__, error=answer)
        if answer:
            raise RecoveryError(
                say("The worker {address} cannot work shards: {reason}", address=address, reason=answer)
            )


def perform(job: ShardJob) -> Outcome:
    """What a worker does with a shard: `shard.work`, alone in its process."""
    if reason := unfit(job):
        return Outcome(job.shard, tuple(sorted(job.settings.subjects)), "failed", reason, 1)
    collect_seldom()
    return shard.work(job)


def unfit(job: ShardJob, dask_worker: "Worker | None" = None) -> str:
    """Why this worker cannot work shards; empty where it can. Dask gives `dask_worker` outside of a task."""
    from distributed import get_worker

    if (dask_worker or get_worker()).state.nthreads > 1:  # temporary folders and the umask are of a process
        return say("it has several threads. Start it with --nthreads 1.")
    if current_process().daemon:  # what reads files is a process of its own
        return say("it may start no process. Start it with DASK_DISTRIBUTED__WORKER__DAEMON=False.")
    try:
        shard.must_be_of_the_run(job)
    except RecoveryError as error:
        return str(error)
    return ""


def why_lost(error: BaseException) -> str:
    """Why a worker gave no answer, as a reason for whoever waits for the shard."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return say(
            "its worker was ended {count} times in the middle of it, as the system does where memory is short. Give"
            " workers more (--memory), or have fewer people in a shard (--people-per-shard).",
            count=error.allowed_failures + 1,
        )
    return say("its worker was lost: {error}", error=str(error) or type(error).__name__)


def usual_workers() -> int:
    """A worker for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
