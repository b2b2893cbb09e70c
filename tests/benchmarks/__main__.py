"""Measure and print ratios within one run; absolute times are shown for orientation and differ between machines.

    python -m tests.benchmarks [small mediation clusters table pls pooling planning circle relationship firestorm
                                explorers class grading own_data]
"""

import sys

from tests.benchmarks import (
    circle,
    class_build,
    clusters,
    explorers,
    firestorm,
    grading,
    mediation,
    own_data,
    planning,
    pls,
    pooling,
    relationship,
    small_things,
    table,
)
from tests.benchmarks.measure import shown

PARTS = {"small": small_things, "mediation": mediation, "clusters": clusters, "table": table, "pls": pls,
         "pooling": pooling, "planning": planning, "circle": circle,
         "relationship": relationship, "firestorm": firestorm, "explorers": explorers, "class": class_build,
         "grading": grading, "own_data": own_data}


def main(wanted):
    if unknown := [name for name in wanted if name not in PARTS]:
        sys.exit(f"There is no benchmark {unknown[0]!r}; there are {', '.join(PARTS)}.")
    for name in wanted or PARTS:
        print(f"== {name}", flush=True)
        print(shown(PARTS[name].lines()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
