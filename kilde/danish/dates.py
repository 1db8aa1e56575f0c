"""Dates and periods in Danish text: days to decades, ranges, and what they mean as first and last day.

`find_dates` reads a record (an item, a section, a row), `parse_date` a text that is one date, `print_date` is its inverse,
and `find_title_date` reads what a newsletter's title says of its publication.

A date without a year has it from the nearest context, in the order that `date_inference` documents: sentence, list head,
section, headings, title, publication. What no context completes is refused (`no_year`): nothing comes from today's date.
Two digits of a year mean the year from 80 years before publication to 19 after it (`date_readings.full_year`).
"""

from __future__ import annotations

from datetime import date

from kilde.danish.date_context import DateContext
from kilde.danish.date_inference import PUBLICATION, infer_years, survey
from kilde.danish.date_periods import Period, period
from kilde.danish.date_printing import print_date
from kilde.danish.date_ranges import join_ranges
from kilde.danish.date_readings import Candidate
from kilde.danish.date_scan import scan
from kilde.danish.date_words import words_before, weekdays
from kilde.danish.folding import Folded, fold
from kilde.danish.mentions import Basis, DateMention, Grain, Rejected
from kilde.danish.relative_dates import find_relative_dates
from kilde.danish.title_dates import TitleDate, find_title_date

__all__ = ["DateContext", "TitleDate", "find_dates", "find_title_date", "parse_date", "print_date"]

NO_YEAR = "no_year"
WEEKDAY_MISMATCH = "weekday_mismatch"
