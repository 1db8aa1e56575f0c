"""Measurements: what makes the corpora, and what times the stages."""
