"""Parts and levels of JSON, counted on its bytes: as counted on what Python's reader makes of it, whatever the bytes are."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pebbletrail.grading.json_size import json_size

SIGNS = st.text(alphabet=list('"\\[]{},:x\n\u20ac'), max_size=8)
ANY = st.recursive(st.integers() | SIGNS, max_leaves=30,
                   extend=lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIGNS, inner, max_size=4))


def parts(data):
    if not isinstance(data, (dict, list)):
        return 0
    inside = data.values() if isinstance(data, dict) else data
    return 1 + max(0, len(data) - 1) + sum(map(parts, inside))


def levels(data):
    if not isinstance(data, (dict, list)):
        return 0
    return 1 + max(map(levels, data.values() if isinstance(data, dict) else data), default=0)


@given(ANY, st.booleans(), st.sampled_from([None, 1]))
@example(["\\", "\\\"[", "]\\\\"], True, None)
def test_as_counted_on_what_is_read(data, ascii_only, indent):
    content = json.dumps(data, ensure_ascii=ascii_only, indent=indent).encode()
    assert json_size(content) == (parts(data), levels(data))


@given(ANY, st.binary(max_size=20))
def test_a_mistake_hides_nothing_that_stands_before_it(data, rest):
    inside, deep = parts(data), levels(data)
    found = json_size(b"[" + json.dumps(data).encode() + b"," + rest)
    assert found[0] >= inside + 2
    assert found[1] >= deep + 1


@pytest.mark.parametrize("content", [b"", b" ", b"]", b"\\", b'"', b"\xff\xfe", b'"[[['])
def test_what_has_none(content):
    assert json_size(content) == (0, 0)


@pytest.mark.parametrize("unit", [b'"', b'\\"', b'"\\', b"\\", b"[", b"]", b'"[', b"{}", b"\xff", b"x"])
@pytest.mark.timeout(120)
def test_twenty_million_bytes_of_anything(unit):
    """What goes back, as a search for the end of an unclosed text may, would take hours."""
    content = unit * (20_000_000 // len(unit))
    for whole in (content, b'"' + content):
        parts, levels = json_size(whole[:2_000 + len(whole) % 2_000])  # of the size that is held against a reader above
        assert json_size(whole) == (10_000 * parts, 10_000 * levels if levels > 1 else levels)
