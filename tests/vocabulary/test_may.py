"""Who may what, cell by cell; tests/web/test_roles.py asks the server for each."""

import pytest

from recovery.vocabulary.roles import Action, Role, may

TABLE = {  # owner, therapist, person, app, calendar
    Action.SEE: "yes yes yes no no",
    Action.SEE_CLINIC: "yes yes no no no",
    Action.ADD_MASSAGE: "yes yes yes no no",
    Action.ADD_DAY: "yes no yes no no",
    Action.UNDO: "yes yes yes no no",
    Action.CHANGE_LOG: "yes no yes no no",
    Action.MEND: "yes no yes no no",
    Action.SEND_FILE: "yes no yes no no",
    Action.SEE_FILES: "yes no yes no no",
    Action.DELIVER: "yes no yes yes no",
    Action.RUN: "yes no no no no",
    Action.KEYS: "yes no no no no",
    Action.SEE_REMINDERS: "yes no yes no yes",
}


@pytest.mark.parametrize("action", Action)
def test_each_cell_of_the_table(action: Action) -> None:
    cells = TABLE[action].split()

    assert {role: may(role, action) for role in Role} == {
        role: cell == "yes" for role, cell in zip(Role, cells, strict=True)
    }
