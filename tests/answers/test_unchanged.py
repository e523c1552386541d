"""Of whom nothing changed is known by a hash of all that answers are made of."""

import re
from pathlib import Path

from recovery import answers, warehouse
from recovery.answers import unchanged

NOTED = {"raw.settings_seen", "raw.told"}  # what answers themselves noted, and what was published of them


def test_all_that_the_answers_of_a_person_read_is_hashed() -> None:
    known = {relation.full_name for relation in warehouse.relations()} | {"daily.definitions", "daily.metrics"}
    known |= {f"raw.{path.stem}" for path in (warehouse.sql_root() / "raw").glob("*.sql")}
    package = Path(answers.__file__).parent
    texts = [path.read_text("utf-8") for path in package.glob("*.py") if path.stem != "unchanged"]

    read = {name for text in texts for name in re.findall(r"\b(?:from|join|in) ([a-z]+\.[a-z_]+)", text)} & known

    assert {"massage.measures", "raw.goals", "stg.diary"} <= read
    assert read - NOTED <= {*unchanged.OF_A_PERSON, *unchanged.OF_ALL}
