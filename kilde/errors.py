"""What can go wrong outside of the documents.

    KildeError                the root; its text says what was expected, what was found, and what to do
    |- UsageError             a wrong call                                   exit 2
    |- UnreadableError        an original that no reader can read            exit 65, or quarantine
    |- LockedError            another run holds the lock                     exit 75
    |- SettingsError          wrong settings                                 exit 78
    |- QueryError             a query that cannot be read, with a position   exit 2
    |- MissingError           no data folder, no such id                     exit 1
    `- DamagedError           archive, store or index is not as it should be exit 1
       `- UnfinishedError     a run was cut short: the next one mends it     exit 1

Trouble inside a readable document is no error: it is a `kilde.model.Problem`.
"""

from __future__ import annotations


class KildeError(Exception):
    """The root: a message for a person, and the exit code of the command that meets it."""

    exit_code = 1


class UsageError(KildeError):
    """A wrong call."""

    exit_code = 2


class UnreadableError(KildeError):
    """An original that cannot be read; `code` is the reason that the quarantine shows."""

    exit_code = 65

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code

    def __reduce__(self) -> tuple[type[UnreadableError], tuple[str, str], dict[str, object]]:
        # Readers run in processes of their own: the error must come back as it was raised.
        return type(self), (self.code, str(self)), self.__dict__


class LockedError(KildeError):
    """Another run holds the lock."""

    exit_code = 75


class SettingsError(KildeError):
    """Wrong settings."""

    exit_code = 78


class QueryError(KildeError):
    """A query that cannot be read: where, why, and what to write instead."""

    exit_code = 2

    def __init__(self, detail: str, position: int, suggestion: str | None = None) -> None:
        super().__init__(detail)
        self.position = position
        self.suggestion = suggestion


class MissingError(KildeError):
    """Something that was asked for is not there."""


class DamagedError(KildeError):
    """A file of Kilde's own is not as it should be; the message names the command that mends it."""


class UnfinishedError(DamagedError):
    """A file is as a run left it that was cut short; the next run mends it."""
