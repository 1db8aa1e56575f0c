"""Characters of a PDF's page, as PDFium gives them, put together to words with their places and looks.

Coordinates are points (1/72 inch) from the upper left corner of the page as a reader turns it.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.layout import normalise

BOLD_WEIGHT = 600
BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")
FULL_TURN = 6.2832
UPRIGHT = 0.1
"""Radians that a line of text may lean."""
NEW_LINE, NEW_WORD = 0.5, 0.6
"""Shares of the font's size by which a character stands lower, or further on, than the same word could."""
MARK_SIZE = 0.8
SMALLEST, LARGEST = 1.0, 1000.0
"""Points of a font's size; a damaged file may give any number."""
HYPHEN = "\x02"
"""What PDFium reports for a hyphen at the end of a line."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a page, placed."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    index: int
    generated: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible box of a page, and how it is turned: from the file's coordinates to a reader's."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int
    """Degrees clockwise: 0, 90, 180, 270."""

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> Frame:
        """The frame of a page."""
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation())

    @property
    def width(self) -> float:
        """Width of the page as it is read."""
        return self.top - self.bottom if self.turn % 180 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the page as it is read."""
        return self.right - self.left if self.turn % 180 else self.top - self.bottom

    def place(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, right, top and bottom of a box as a reader sees it."""
        if self.turn == 90:
            return bottom - self.bottom, top - self.bottom, left - self.left, right - self.left
        if self.turn == 180:
            return self.right - right, self.right - left, bottom - self.bottom, top - self.bottom
        if self.turn == 270:
            return self.top - top, self.top - bottom, self.right - right, self.right - left
        return left - self.left, right - self.left, self.top - top, self.top - bottom


def characters(textpage: pdfium.FPDF_TEXTPAGE, frame: Frame, count: int) -> Iterator[Character]:
    """The characters of a page in the order that PDFium gives them."""
    box = pdfium.FS_RECTF()
    pending = ""
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        text = chr(code) if 0 < code < 0x110000 else "\ufffd"
        if 0xD800 <= code < 0xDC00:
            pending = text
            continue
        if 0xDC00 <= code < 0xE000:
            text = chr(0x10000 + ((ord(pending) - 0xD800) << 10) + code - 0xDC00) if pending else "\ufffd"
        pending = ""
        if not pdfium.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(box)):
            continue
        if not all(map(math.isfinite, (box.left, box.bottom, box.right, box.top))):
            continue
        generated = pdfium.FPDFText_IsGenerated(textpage, index) == 1
        yield Character(text, *frame.place(box.left, box.bottom, box.right, box.top), index, generated)


class WordReader:
    """Puts characters together to words; it owns the word that grows and the lists of those that are done."""

    def __init__(self, textpage: pdfium.FPDF_TEXTPAGE, frame: Frame) -> None:
        self.textpage = textpage
        self.frame = frame
        self.words: list[Word] = []
        self.turned: list[str] = []
        self.letters = self.unmapped = 0
        self.word: list[Character] = []
        self.size = 0.0
        self.bold = self.upright = False

    def add(self, character: Character) -> None:
        """Take the next character."""
        text = character.text
        if text == HYPHEN:
            text = "-"
        if text.isspace() or character.generated or (text < " " and text != "-"):
            self.end_word()
            if self.turned and not self.turned[-1].isspace():
                self.turned.append(" ")
            return
        if self.word and self.breaks(character):
            self.end_word()
        if not self.word:
            self.look(character)
        self.letters += text.isalnum()
        if not self.upright:
            self.turned.append(text)
            return
        self.word.append(Character(text, character.left, character.right, character.top, character.bottom,
                                   character.index, False))  # fmt: skip

    def look(self, character: Character) -> None:
        """Take the looks of a word from its first character."""
        index = character.index
        self.size = pdfium.FPDFText_GetFontSize(self.textpage, index)
        height = character.bottom - character.top
        if not 0.5 * self.size < height < 2 * self.size:
            self.size = height / 1.2  # the text is scaled by its matrix, so its font's size says nothing
        self.size = min(max(self.size, SMALLEST), LARGEST)
        angle = (pdfium.FPDFText_GetCharAngle(self.textpage, index) + self.frame.turn * FULL_TURN / 360) % FULL_TURN
        self.upright = min(angle, FULL_TURN - angle) < UPRIGHT
        self.unmapped += pdfium.FPDFText_HasUnicodeMapError(self.textpage, index) == 1
        self.bold = is_bold(self.textpage, index)

    def breaks(self, character: Character) -> bool:
        """Whether a character begins a new word although no space stands before it."""
        last = self.word[-1]
        lower = abs(character.bottom - last.bottom) > NEW_LINE * self.size
        away = character.left - last.right > NEW_WORD * self.size or character.left < self.word[0].left - self.size
        return lower or away or self.is_mark(character)

    def is_mark(self, character: Character) -> bool:
        """Whether a character is the small raised number of a note."""
        last = self.word[-1]
        smaller = character.bottom - character.top < MARK_SIZE * (last.bottom - last.top)
        return smaller and character.text.isdigit() and last.text.isalpha()

    def end_word(self) -> None:
        """Put the word away."""
        word, self.word = self.word, []
        text = normalise("".join(character.text for character in word))
        if not text:
            return
        before = self.words[-1] if self.words else None
        size = self.size
        top, bottom = min(it.top for it in word), max(it.bottom for it in word)
        if before is not None and is_note_mark(text, size, word[0].left, top, bottom, before):
            return
        left, right = min(it.left for it in word), max(it.right for it in word)
        self.words.append(Word(text, left, right, top, bottom, round(size * 2) / 2, self.bold))


def is_note_mark(text: str, size: float, left: float, top: float, bottom: float, before: Word) -> bool:
    """Whether a word is the raised number that refers to a note: what it marks is read without it."""
    small = text.isdigit() and len(text) < 3 and size < MARK_SIZE * before.size
    raised = bottom < before.bottom - 0.1 * before.size and top < before.bottom
    return small and raised and 0 <= left - before.right + 1 < before.size


def is_bold(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> bool:
    """Whether a character is bold, by its font's weight or name."""
    if pdfium.FPDFText_GetFontWeight(textpage, index) >= BOLD_WEIGHT:
        return True
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, len(buffer), ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(word in name for word in BOLD_NAMES)
