"""The short part of `publishes.py`; the long one is run by hand, its table stands in docs/robustness.md."""

from pathlib import Path

import pytest
from publishes import publish_under_readers


@pytest.mark.slow
def test_readers_see_whole_snapshots_while_others_are_published(tmp_path: Path) -> None:
    seen = publish_under_readers(tmp_path / "home", publishes=2, readers=2, rows=1000)

    assert [(one.torn, one.errors) for one in seen] == [([], [])] * 2
    assert all(one.relations > 10 for one in seen)
    assert seen[-1].connections == seen[-1].snapshots == 1  # it kept the snapshot it had opened
    assert seen[0].snapshots > 1
