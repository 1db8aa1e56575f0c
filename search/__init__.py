"""A question to a page of answers."""
