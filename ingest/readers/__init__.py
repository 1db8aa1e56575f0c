"""Bytes of one format to a Layout: one file a format; `ingest.formats` lists them."""
