"""Benchmarks: each module's ``main()`` prints a table of paired ratios; nothing here asserts a time."""
