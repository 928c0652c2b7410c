"""Places by what people call them: names to codes, whether a code names a place at all, and which kinds of place a table holds."""
