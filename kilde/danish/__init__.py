"""Danish text to values: kommuner, dates and amounts, each with the characters it stands on.

A library of its own: it imports nothing of the rest of Kilde, reads no file but its own lexicon and knows no clock.
"""
