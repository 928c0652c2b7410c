"""Do the figures hold on the real map? Truths are made, surveyed and found again, many times over.

``python -m tests.benchmarks.calibration [TABLE …] [--maps N] [--seed N]``: one module a table, each with ``main(maps, seed)``; options
that a table has of its own follow (``--family``, ``--kind`` and ``--n`` of ``kinds``).
"""
