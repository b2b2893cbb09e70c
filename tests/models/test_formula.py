"""Reading formulas.

Expected readings follow R's and patsy's rules (``x*z`` is both and their product, ``x:z`` is ``z:x``, ``- 1`` leaves out the
intercept), with terms in the order in which they are written. Properties: formulas are built from their parts and written
with any spacing; reading gives the parts back.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pebbletrail.models.formula import Formula, read_formula

steady = settings(deadline=None, max_examples=150, derandomize=True)  # the same examples on every machine


@pytest.mark.parametrize(("text", "terms", "intercept"), [
    ("y ~ x", ["x"], True),
    ("y~x+z", ["x", "z"], True),
    ("  y  ~  z  +  x  ", ["z", "x"], True),
    ("y ~ 1", [], True),
    ("y ~ 1 + x", ["x"], True),
    ("y ~ x + 1", ["x"], True),
    ("y ~ x - 1", ["x"], False),
    ("y ~ x-1", ["x"], False),
    ("y ~ -1 + x", ["x"], False),
    ("y ~ 0 + x", ["x"], False),
    ("y ~ x + 0", ["x"], False),
    ("y ~ x - 0", ["x"], True),
    ("y ~ +x", ["x"], True),
    ("y ~ x:z", ["x:z"], True),
    ("y ~ x : z", ["x:z"], True),
    ("y ~ x*z", ["x", "z", "x:z"], True),
    ("y ~ x * z + w", ["x", "z", "x:z", "w"], True),
    ("y ~ a*b*c", ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"], True),
    ("y ~ a*b:c", ["a", "b:c", "a:b:c"], True),
    ("y ~ C(week)", ["C(week)"], True),
    ("y ~ C( week )*x", ["C(week)", "x", "C(week):x"], True),
    ("y ~ C(week):C(team)", ["C(week):C(team)"], True),
    ("y ~ mean.of.x + _hidden + größe", ["mean.of.x", "_hidden", "größe"], True),
    ("C ~ Cost", ["Cost"], True),
])
def test_a_formula_is_read(text, terms, intercept):
    read = read_formula(text)
    assert list(read.terms) == terms
    assert read.intercept is intercept
    assert read.outcome == text.split("~")[0].strip()


@pytest.mark.parametrize(("text", "outcome", "terms"), [
    ("y ~ `handling time`", "y", ["handling time"]),
    ("`first call: solved?` ~ x", "first call: solved?", ["x"]),
    ("y ~ `a-b` - 1", "y", ["a-b"]),
    ("y ~ `a+b`+c", "y", ["a+b", "c"]),
    ("y ~ `a*b`*c", "y", ["a*b", "c", "a*b:c"]),
    ("y ~ `2nd`:x", "y", ["2nd:x"]),
    ("y ~ C(`week of year`)", "y", ["C(week of year)"]),
    ("y ~ C(`a b`):x", "y", ["C(a b):x"]),
    ("y ~ `C(week)[3]` + `x:z`", "y", ["C(week)[3]", "x:z"]),
    ("y ~ `x:x`", "y", ["x:x"]),
])
def test_backticks_hold_any_name(text, outcome, terms):
    read = read_formula(text)
    assert (read.outcome, list(read.terms)) == (outcome, terms)


@pytest.mark.parametrize(("text", "terms"), [
    ("y ~ x + x", ["x"]),
    ("y ~ x*z + x + z:x", ["x", "z", "x:z"]),
    ("y ~ z:x + x*z", ["z:x", "x", "z"]),
    ("y ~ a*b + a*c", ["a", "b", "a:b", "c", "a:c"]),
    ("y ~ x + `x`", ["x"]),
])
def test_a_term_stands_once_where_it_was_written_first(text, terms):
    assert list(read_formula(text).terms) == terms


@pytest.mark.parametrize(("text", "told"), [
    (None, "None is no formula"),
    (["y ~ x"], "is no formula"),
    ("", "'' is no formula"),
    ("y", "is no formula"),
    ("y = x", "is no formula"),
    ("y ~ x ~ z", "is no formula"),
    ("y ~", "a predictor is missing in 'y ~'"),
    ("y ~ x +", "a predictor is missing"),
    ("y ~ x + + z", "a predictor is missing"),
    ("y ~ x - - 1", "a predictor is missing"),
    (" ~ x", "'' cannot be an outcome"),
    ("y + z ~ x", "'y + z' cannot be an outcome"),
    ("log(y) ~ x", "'log(y)' cannot be an outcome"),
    ("C(y) ~ x", "'C(y)' cannot be an outcome"),
    ("1 ~ x", "'1' cannot be an outcome"),
    ("y ~ x - z", "-z takes nothing away; only - 1"),
    ("y ~ x z", "'x z' in 'y ~ x z' cannot be read"),
    ("y ~ x*", "cannot be read"),
    ("y ~ :x", "cannot be read"),
    ("y ~ x**2", "cannot be read"),
    ("y ~ x^2", "cannot be read"),
    ("y ~ I(x)", "'I(x)' in 'y ~ I(x)' cannot be read"),
    ("y ~ np.log(x)", "cannot be read"),
    ("y ~ C(x", "cannot be read"),
    ("y ~ C()", "cannot be read"),
    ("y ~ (x + z)", "cannot be read"),
    ("y ~ 2", "cannot be read"),
    ("y ~ 2*x", "cannot be read"),
    ("y ~ x | g", "cannot be read"),
    ("y ~ `x", "cannot be read"),
    ("y ~ ``", "cannot be read"),
    ("y ~ x:x", "'x:x' multiplies a column by itself"),
    ("y ~ x*x", "'x:x' multiplies a column by itself"),
    ("y ~ a:b:a", "multiplies a column by itself"),
    ("y ~ y", "y cannot predict itself, in 'y ~ y'"),
    ("y ~ x:y", "y cannot predict itself"),
    ("y ~ x*y", "y cannot predict itself"),
    ("y ~ C(y)", "y cannot predict itself"),
    ("y ~ `y`", "y cannot predict itself"),
    ("y ~ 0", "nothing predicts y"),
    ("y ~ 1 - 1", "nothing predicts y"),
])
def test_what_cannot_be_read_is_refused_with_the_reason(text, told):
    with pytest.raises(ValueError, match=f"^formula: .*{re.escape(told)}"):
        read_formula(text)


def test_a_refusal_says_how_a_formula_is_written():
    for text in ("y", "y ~ x^2", "y ~", "log(y) ~ x"):
        with pytest.raises(ValueError, match=re.escape("Write `outcome ~ predictor + predictor`")):
            read_formula(text)


# --- properties -------------------------------------------------------------------------------------------------------

plain = st.from_regex(r"[A-BD-Za-z_][A-Za-z0-9_.]{0,5}", fullmatch=True)  # no C, which could open C( )
odd = st.text(st.characters(exclude_characters="`~:", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
name = st.one_of(plain, odd)
factor = st.tuples(name, st.booleans())  # a column, or its dummies
blank = st.sampled_from(["", " ", "  "])


def shown(one, bare):
    """A factor in writing; backticks only where they are needed, when ``bare``."""
    column, dummies = one
    quoted = column if bare and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", column) else f"`{column}`"
    return f"C({quoted})" if dummies else quoted


def kept(one):
    return f"C({one[0]})" if one[1] else one[0]


terms_of = st.lists(st.lists(factor, min_size=1, max_size=3, unique_by=kept), max_size=5)


def parts(outcome, terms, intercept):
    """The formula of these terms, without those that repeat another or hold the outcome; and the terms left."""
    once = {frozenset(map(kept, term)): term for term in reversed(terms)}
    left = [term for term in terms if once.get(frozenset(map(kept, term))) is term
            and not {outcome, f"C({outcome})"} & set(map(kept, term))]
    return Formula(outcome, tuple(tuple(map(kept, term)) for term in left), intercept or not left), left


@steady
@given(outcome=name, terms=terms_of, intercept=st.booleans(), bare=st.booleans(), gap=blank)
def test_whatever_is_written_is_read(outcome, terms, intercept, bare, gap):
    expected, left = parts(outcome, terms, intercept)
    right = f"{gap}+{gap}".join(f"{gap}:{gap}".join(shown(one, bare) for one in term) for term in left) or "1"
    without = "" if expected.intercept else f"{gap}-{gap}1"
    read = read_formula(f"{shown((outcome, False), bare)}{gap}~{gap}{right}{without}")
    assert read == expected
    assert read.terms == tuple(":".join(factors) for factors in expected.products)


@steady
@given(outcome=name, terms=terms_of, intercept=st.booleans())
def test_a_formula_written_out_is_read_as_the_same(outcome, terms, intercept):
    formula, _ = parts(outcome, terms, intercept)
    assert read_formula(str(formula)) == formula


@pytest.mark.parametrize(("text", "written"), [
    ("y~z+x", "y ~ z + x"),
    ("y ~ x*z - 1", "y ~ x + z + x:z + 0"),
    ("y ~ 1", "y ~ 1"),
    ("`my y` ~ C(`a week`):x", "`my y` ~ C(`a week`):x"),
])
def test_how_a_formula_is_written_out(text, written):
    assert str(read_formula(text)) == written


@pytest.mark.parametrize(("text", "needed"), [
    ("y ~ C(week) - 1", "keep the intercept"),
    ("y ~ x + C(week):z", "add z"),
    ("y ~ x + C(a):C(b) + C(a)", "add C(b)"),
])
def test_dummies_without_their_first_level_are_refused(text, needed):
    """R and patsy keep all levels there: the same text would be another model."""
    with pytest.raises(ValueError, match=rf"leaves out the first level.*{re.escape(needed)}\.$"):
        read_formula(text).check_references()


@pytest.mark.parametrize("text", ["y ~ C(week)", "y ~ x*C(week)", "y ~ C(a)*C(b)", "y ~ x + z - 1", "y ~ x:z", "y ~ 1"])
def test_other_formulas_have_what_their_dummies_refer_to(text):
    assert read_formula(text).check_references() is None


@pytest.mark.parametrize("text", ["y ~ `a:b`:z", "y ~ x*`a:b`", "y ~ C(`a:b`):x"])
def test_a_column_with_a_colon_in_its_name_cannot_stand_in_a_product(text):
    """Joined by : it would be read as a product of other columns."""
    with pytest.raises(ValueError, match=r"formula: the column .*a:b.* cannot stand in a product.*rename it first"):
        read_formula(text)
