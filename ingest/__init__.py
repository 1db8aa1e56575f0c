"""Bytes to records: the raw archive, the readers of each format, and what is found in a text."""
