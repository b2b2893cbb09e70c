"""The text form of a model. Expected values are read off the text by eye."""

import re
from itertools import pairwise

import pytest

from pebbletrail.models.model_text import find_circle, read_model


def test_blocks_modes_and_regressions_are_read_in_the_order_of_the_text():
    model = read_model("""
        Quality =~ q1 + q2+q3
        Brand <~ b1 + b2
        Satisfaction =~ s1
        Satisfaction ~ Quality + Brand
        Loyalty ~ Satisfaction
    """)
    assert model.blocks == {"Quality": ("q1", "q2", "q3"), "Brand": ("b1", "b2"), "Satisfaction": ("s1",)}
    assert model.modes == {"Quality": "A", "Brand": "B", "Satisfaction": "A"}
    assert model.regressions == {"Satisfaction": ("Quality", "Brand"), "Loyalty": ("Satisfaction",)}
    assert list(model.blocks) == ["Quality", "Brand", "Satisfaction"]
    assert model.arrows == [("Quality", "Satisfaction"), ("Brand", "Satisfaction"), ("Satisfaction", "Loyalty")]


@pytest.mark.parametrize("text", [
    "A =~ a1 + a2; B =~ b1\nB ~ A",
    "A =~ a1 + a2\nB =~ b1\nB ~ A",
    "\n\n  A=~a1+a2   # the cause\n# nothing here ~ at all\n\tB  =~  b1;;\nB~A#  and the effect",
    "A =~ a1 + a2;B =~ b1;B ~ A;",
    "A =~ a1 + a2\r\nB =~ b1\r\nB ~ A\r\n",
])
def test_line_breaks_semicolons_comments_and_spaces_are_only_layout(text):
    model = read_model(text)
    assert (model.blocks, model.modes, model.regressions) == (
        {"A": ("a1", "a2"), "B": ("b1",)}, {"A": "A", "B": "A"}, {"B": ("A",)})


def test_a_comment_hides_the_rest_of_its_line_semicolons_too():
    assert read_model("Y ~ A # and; Y ~ B").regressions == {"Y": ("A",)}


def test_a_regression_may_go_on_in_a_later_line():
    model = read_model("Y ~ A\nZ ~ Y\nY ~ B + C")
    assert model.regressions == {"Y": ("A", "B", "C"), "Z": ("Y",)}
    assert model.arrows == [("A", "Y"), ("B", "Y"), ("C", "Y"), ("Y", "Z")]


def test_interactions_and_names_of_any_alphabet_are_read():
    model = read_model("Fidélité ~ qualité_1 + Σ + qualité_1:Σ\n_x ~ y2")
    assert model.regressions == {"Fidélité": ("qualité_1", "Σ", "qualité_1:Σ"), "_x": ("y2",)}


NOT_READ = "cannot be read"
WRONG_LINES = [
    pytest.param("Satisfaction", NOT_READ, id="no sign"),
    pytest.param("A B", NOT_READ, id="two words"),
    pytest.param("~ B", NOT_READ, id="nothing on the left"),
    pytest.param("A ~~ B", NOT_READ, id="covariance sign"),
    pytest.param("A = B", NOT_READ, id="equals sign"),
    pytest.param("ab := a*b", NOT_READ, id="defined parameter"),
    pytest.param("A ~= B", NOT_READ, id="sign the wrong way round"),
    pytest.param("A ~ B ~ C", NOT_READ, id="two signs"),
    pytest.param("A =~ a1 ~ a2", NOT_READ, id="two unlike signs"),
    pytest.param("A ~", "nothing stands on the right", id="nothing on the right"),
    pytest.param("A =~ ", "nothing stands on the right", id="no indicators"),
    pytest.param("A ~ B +", "nothing stands on the right", id="plus at the end"),
    pytest.param("A ~ + B", "nothing stands on the right", id="plus at the start"),
    pytest.param("A ~ B ++ C", "nothing stands on the right", id="plus twice"),
    pytest.param("A ~ b1*B", "'b1*B' is not a name", id="lavaan's label"),
    pytest.param("A ~ 1", "'1' is not a name", id="intercept"),
    pytest.param("A ~ B, C", "'B, C' is not a name", id="comma"),
    pytest.param("A ~ B C", "'B C' is not a name", id="space for plus"),
    pytest.param("A ~ B:C:D", "'B:C:D' is not a name", id="three-way product"),
    pytest.param("A ~ B:", "'B:' is not a name", id="half a product"),
    pytest.param("2A ~ B", "'2A' is not a name", id="digit first"),
    pytest.param("A.1 =~ B", "'A.1' is not a name", id="dot"),
    pytest.param("A:B ~ C", "'A:B' is not a name", id="product as outcome"),
    pytest.param("A + B ~ C", "'A + B' is not a name", id="two outcomes"),
    pytest.param("A ~ B + C + B", "B stands twice", id="predictor twice"),
    pytest.param("A =~ a + a", "a stands twice", id="indicator twice"),
    pytest.param("A ~ B + A", "A cannot point at itself", id="arrow onto itself"),
]


@pytest.mark.parametrize(("line", "message"), WRONG_LINES)
@pytest.mark.parametrize(("before", "number"), [("", 1), ("Z ~ Y\n\n# note\n", 4), ("Z ~ Y; X ~ Y\n", 2), ("Z ~ Y; ", 1)])
def test_a_line_that_cannot_be_read_is_an_error_with_its_number(line, message, before, number):
    with pytest.raises(ValueError, match=rf"^MODEL, line {number}: .*{re.escape(message)}"):
        read_model(before + line)


@pytest.mark.parametrize(("text", "message"), [
    pytest.param("A =~ a\nB =~ b\nA =~ c", r"^MODEL, line 3: the construct A is defined twice", id="construct twice"),
    pytest.param("A =~ a\nA <~ b", r"^MODEL, line 2: the construct A is defined twice", id="construct in both modes"),
    pytest.param("Y ~ A + B\n\nY ~ C + B", r"^MODEL, line 3: the arrow B → Y was written before", id="arrow twice"),
])
def test_what_an_earlier_line_said_may_not_be_said_again(text, message):
    with pytest.raises(ValueError, match=message):
        read_model(text)


@pytest.mark.parametrize("text", ["", "   \n\t", None, 3, ["Y ~ A"]])
def test_no_text_is_an_error_that_shows_an_example(text):
    with pytest.raises(ValueError, match=r"^MODEL: a text is needed, such as"):
        read_model(text)


def test_comments_alone_are_an_empty_model():
    model = read_model("# later\n ; ")
    assert (model.blocks, model.regressions) == ({}, {})


# --- circles --------------------------------------------------------------------------------------------------------

def arrows_of(message):
    """The arrows along the circle that a message names."""
    names = message.split("in a circle, ")[1].split(";")[0].split(" → ")
    return list(pairwise(names))


@pytest.mark.parametrize("text", [
    "A ~ B\nB ~ A",
    "A ~ B\nB ~ C\nC ~ A",
    "Y ~ X\nA ~ X + B\nB ~ Y + C\nC ~ D + A\nD ~ X",
    "E ~ D\nD ~ C\nC ~ B\nB ~ A + D",
])
def test_a_circle_is_named_along_its_arrows(text):
    with pytest.raises(ValueError, match=r"^MODEL: the arrows run in a circle, ") as error:
        read_model(text)
    arrows = arrows_of(str(error.value))
    written = {(predictor, outcome) for line in text.splitlines() for outcome, right in [line.split(" ~ ")]
               for predictor in right.split(" + ")}
    assert set(arrows) <= written
    assert arrows[0][0] == arrows[-1][1]


def test_many_ways_to_one_place_are_no_circle():
    assert find_circle({"D": ("A", "B", "C"), "C": ("A", "B"), "B": ("A",)}) is None


@pytest.mark.parametrize(("text", "told"), [
    ("Y ~ Y:B", r"line 1: Y cannot point at itself"),
    ("Y ~ A:B + B:A", r"line 1: (A:B|B:A) stands twice"),
    ("A ~ C:D\nC ~ A", r"run in a circle"),
])
def test_interactions_are_read_as_their_factors(text, told):
    with pytest.raises(ValueError, match=told):
        read_model(text)
