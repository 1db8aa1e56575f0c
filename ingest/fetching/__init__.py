"""Asking other machines for pages: addresses, robots.txt, limits, and what came back."""
