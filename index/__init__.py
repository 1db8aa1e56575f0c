"""Records to a Whoosh index."""
