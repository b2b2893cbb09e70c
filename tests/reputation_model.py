"""The corporate-reputation model with switching costs as moderator, and its rows as its authors prepare them."""

import pebbletrail as pt

MEASURES = """COMP =~ comp_1 + comp_2 + comp_3
LIKE =~ like_1 + like_2 + like_3
CUSA =~ cusa
CUSL =~ cusl_1 + cusl_2 + cusl_3
"""
SIMPLE = MEASURES + """CUSA ~ COMP + LIKE
CUSL ~ COMP + LIKE + CUSA
"""
MODERATED = MEASURES + """QUAL <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
PERF <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
CSOR <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
ATTR <~ attr_1 + attr_2 + attr_3
SC =~ switch_1 + switch_2 + switch_3 + switch_4
COMP ~ QUAL + PERF + CSOR + ATTR
LIKE ~ QUAL + PERF + CSOR + ATTR
CUSA ~ COMP + LIKE
CUSL ~ COMP + LIKE + CUSA + SC + CUSA:SC
"""


def reputation_rows():
    """The 344 customers, missing answers replaced by the mean of their question."""
    rows = pt.load("corporate-reputation")
    return rows.fillna(rows.mean())
