"""Commands that answer: `kilde search`, `kilde mentions`, `kilde show`."""
