"""Speed, as ratios measured in one run. Not part of `make test`: run with `make bench`."""
