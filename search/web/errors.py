"""What the web refuses besides the errors that everyone shares."""

from __future__ import annotations

from kilde.errors import KildeError, MissingError


class GoneError(MissingError):
    """A document that was forgotten: there was one, and there is none any more."""


class TooSlowError(KildeError):
    """A question that took longer than it may; its worker was killed."""


class BusyError(KildeError):
    """More questions wait than can be answered soon."""


class ForbiddenError(KildeError):
    """Something that only an admin is shown."""


class NoFormError(MissingError):
    """A page that has no list, asked for in a format for lists."""


class TooManyTriesError(KildeError):
    """Too many wrong passwords."""


class UnknownVisitorError(KildeError):
    """Somebody who must log in first."""
