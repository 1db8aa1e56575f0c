"""Tables of any format: their heads, units and rows."""
