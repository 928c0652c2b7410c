"""One table on its own: how it is read and joined, studied and written."""
