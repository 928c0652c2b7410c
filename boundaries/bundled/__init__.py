"""Real UK geometry, population and one outcome that ship with the package; ``layers`` reads them, ``build`` makes them.

Nothing here is edited by hand: every data file is derived from packages pinned in ``wheels.txt`` and listed with its
hash in ``CHECKSUMS``.
"""
