"""Errors that the person running the job can mend: what was found, what was expected, what to do."""


class RecoveryError(Exception):
    """Something the user can mend; the command line prints it as one line and exits with `exit_status`."""

    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class FieldError(RecoveryError):
    """A field of a line of a log cannot say what it says.

    `column` is that of the log, '' where it is no single one; `why` is the message without the column's name, for who
    sees another name of the field.
    """

    def __init__(self, message: str, hint: str = "", *, column: str = "", why: str = "") -> None:
        super().__init__(message, hint)
        self.column, self.why = column, why


class SettingsError(RecoveryError):
    """`recovery.toml` cannot be used as it stands."""


class HomeError(RecoveryError):
    """The home folder is missing, not readable, not writable, or its disk is full."""


class LockedError(RecoveryError):
    """Another run is at work in this home."""


class UnreadableExportError(RecoveryError):
    """A dropped file cannot be read; the others are not touched by that."""


class CriticalCheckError(RecoveryError):
    """A check of critical severity failed; the last good snapshot stands."""

    exit_status = 3
