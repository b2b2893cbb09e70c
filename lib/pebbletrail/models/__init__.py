"""Models: each takes a frame or ``Moments`` and returns a frozen result with a tidy table and a sentence."""
