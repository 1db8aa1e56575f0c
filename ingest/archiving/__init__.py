"""The raw archive: WARC files that hold every original as it came."""
