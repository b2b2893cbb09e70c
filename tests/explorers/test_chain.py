"""The chain builder: its arithmetic is pt.pls's, its words are right, and no number is shown twice in one place."""


import pytest

import pebbletrail as pt
from ecsi_model import ECSI as MODEL
from pebbletrail.explorers.chain import WAITING, draw_chain, read_chain

ORDER = ["Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"]


@pytest.fixture(scope="module")
def moments():
    return pt.load("ecsi-mobile-correlations")


@pytest.fixture(scope="module")
def chain(moments):
    return read_chain(moments, MODEL, "Loyalty")


@pytest.fixture
def panel(moments):
    pytest.importorskip("ipywidgets")
    return pt.chain_builder(moments, MODEL, outcome="Loyalty")


def drawn_texts(fig):
    """Every text of a figure with its box in pixels."""
    fig.canvas.draw()
    return [(text.get_text(), text.get_window_extent()) for text in fig.axes[0].texts if text.get_text()]


def every_arrow(names, back=False):
    names = names[::-1] if back else names
    return [(a, b) for number, a in enumerate(names) for b in names[number + 1:]]


def test_boxes_stand_in_the_order_of_the_arrows(chain):
    assert list(chain.names) == ORDER
    assert read_chain(chain.moments, MODEL).outcome == "Loyalty"


def test_start_is_the_model_as_written(chain, moments):
    fit = pt.pls(moments, MODEL)
    start, want = (one.table.set_index(["outcome", "predictor"])["estimate"] for one in (chain.start, fit))
    assert start.to_dict() == pytest.approx(want.to_dict(), abs=1e-12)


def test_an_arrow_taken_away_changes_the_paths_as_pls_says(chain, moments):
    left = [arrow for arrow in chain.model.arrows if arrow != ("Satisfaction", "Loyalty")]
    by_hand = pt.pls(moments, MODEL.replace("Image + Satisfaction + Complaints", "Image + Complaints"))
    want = by_hand.table.set_index(["outcome", "predictor"])["estimate"]
    fit = chain.fit(left)
    assert fit.table.set_index(["outcome", "predictor"])["estimate"].to_dict() == pytest.approx(want.to_dict(), abs=1e-12)
    assert fit.r2["Loyalty"] == pytest.approx(by_hand.r2["Loyalty"], abs=1e-12)
    image = want["Loyalty", "Image"]
    assert abs(image - 0.2) > 0.1  # it takes over what satisfaction carried
    fig, alt, sentence = draw_chain(chain, left)
    assert f"{image:.2f}" in [text for text, _ in drawn_texts(fig)]
    assert f"Image {image:.2f}" in alt
    assert "Taken away: Satisfaction → Loyalty." in sentence


def test_the_same_paths_from_rows(chain):
    pytest.importorskip("rdata")
    if not pt.datasets().set_index("name").loc["ecsi-mobile", "available"]:
        pytest.skip("the rows are not on this machine")
    start = read_chain(pt.load("ecsi-mobile"), MODEL).start
    assert start.table["estimate"].to_list() == pytest.approx(chain.start.table["estimate"].to_list(), abs=1e-6)


def test_alt_and_sentence_name_the_strongest_arrow(chain):
    table = chain.start.table
    top = table.loc[table["estimate"].abs().idxmax()]
    _, alt, sentence = draw_chain(chain, chain.model.arrows)
    strongest = f"{top['predictor']} → {top['outcome']} ({top['estimate']:.2f})"
    assert strongest in alt
    assert strongest in sentence
    assert "Into Loyalty: Satisfaction 0.48, Image 0.20, Complaints 0.07; share explained 46 %" in alt


def test_a_circle_is_refused_in_words(chain):
    with pytest.raises(ValueError, match="circle, Satisfaction → Loyalty → Satisfaction; take one of them away"):
        draw_chain(chain, [*chain.model.arrows, ("Loyalty", "Satisfaction")])


def test_no_arrow_is_refused_in_words(chain):
    with pytest.raises(ValueError, match="no arrow is left"):
        draw_chain(chain, [])


def test_without_an_arrow_into_the_outcome_the_sentence_says_so(chain):
    _, _, sentence = draw_chain(chain, [("Quality", "Satisfaction")], guess="Image")
    assert sentence.startswith("No arrow points at Loyalty now, so nothing explains it.")


def test_a_construct_without_arrows_is_left_out_visibly(chain, moments):
    fig, _, _ = draw_chain(chain, [("Quality", "Satisfaction"), ("Satisfaction", "Loyalty")])
    words = [text for text, _ in drawn_texts(fig)]
    assert words.count("left out") == 4
    small = pt.pls(moments, "\n".join(line for line in MODEL.splitlines()
                                      if line.split()[0] in ("Quality", "Satisfaction", "Loyalty") and "=~" in line)
                   + "\nSatisfaction ~ Quality\nLoyalty ~ Satisfaction")
    assert f"R² {small.r2['Loyalty']:.2f}" in words


@pytest.mark.parametrize(("guess", "told"), [
    ("Satisfaction", "Your guess, Satisfaction, is the strongest."),
    ("Image", "Your guess was Image; it is Satisfaction."),
    ("Quality", "Your guess was Quality: no arrow runs from it to Loyalty here; draw one and see."),
])
def test_the_guess_is_answered(chain, guess, told):
    assert told in draw_chain(chain, chain.model.arrows, guess)[2]


def test_taking_the_rival_away_does_not_make_a_guess_right(chain):
    left = [arrow for arrow in chain.model.arrows if arrow != ("Satisfaction", "Loyalty")]
    assert "guess" not in draw_chain(chain, left, "Image")[2]


def test_numbers_wait_for_the_guess(chain):
    fig, alt, sentence = draw_chain(chain, chain.model.arrows, WAITING)
    assert {text for text, _ in drawn_texts(fig)} == set(ORDER)
    assert "0." not in alt + sentence


@pytest.mark.parametrize("back", [False, True], ids=["onward", "back"])
def test_no_two_labels_overlap_even_with_every_arrow(chain, back):
    fig, _, _ = draw_chain(chain, every_arrow(ORDER, back))
    texts = drawn_texts(fig)
    assert len(texts) >= 21 + 7
    for number, (one, box) in enumerate(texts):
        for other, its in texts[number + 1:]:
            assert not box.overlaps(its), (one, other)


def test_arcs_end_at_the_edge_of_their_boxes(chain):
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    fig, _, _ = draw_chain(chain, chain.model.arrows)
    patches = fig.axes[0].patches
    boxes = [patch.get_bbox() for patch in patches if isinstance(patch, FancyBboxPatch)]
    arrows = [patch for patch in patches if isinstance(patch, FancyArrowPatch)]
    assert len(boxes) == 7
    assert len(arrows) == 12
    for arrow in arrows:
        for x, y in arrow._path_original.vertices[[0, -1]]:
            inside = [box for box in boxes if box.x0 < x < box.x1 and box.y0 < y < box.y1]
            assert not inside


@pytest.mark.parametrize(("model", "outcome", "message"), [
    (MODEL, "Image", "no arrow points at 'Image'; there are Expectation"),
    (MODEL, "Trust", "no arrow points at 'Trust'"),
    (MODEL.replace("CUSCO", "NOSUCH"), None, "NOSUCH"),
    (MODEL + "\nImage ~ Loyalty", None, "circle"),
])
def test_what_cannot_be_built_is_refused_at_once(moments, model, outcome, message):
    with pytest.raises(ValueError, match=message):
        read_chain(moments, model, outcome)


def test_panel_hides_then_shows_then_starts_again(panel):
    grid, guess = panel.controls["arrows"], panel.controls["guess"]
    assert panel.picture.sentence.startswith("Guess first")
    guess.value = "Image"
    before = panel.picture.png
    assert "Your guess was Image" in panel.picture.sentence
    grid.boxes["Satisfaction", "Loyalty"].value = False
    assert "Taken away: Satisfaction → Loyalty." in panel.picture.sentence
    assert panel.picture.png != before
    grid.button.click()
    assert grid.value == tuple(sorted(grid.value, key=lambda arrow: ORDER.index(arrow[1])))
    assert set(grid.value) == set(panel.chain.model.arrows)
    assert panel.picture.png == before
    assert "Taken away" not in panel.picture.sentence


def test_panel_redraws_once_when_it_starts_again(panel, monkeypatch):
    grid = panel.controls["arrows"]
    for arrow in list(panel.chain.model.arrows)[3:9]:
        grid.boxes[arrow].value = False
    drawn = []
    monkeypatch.setattr(panel, "draw", lambda **values: drawn.append(values) or draw_chain(panel.chain, **values))
    grid.button.click()
    assert len(drawn) == 1
    grid.boxes["Quality", "Loyalty"].value = True
    assert len(drawn) == 2


def test_panel_tells_of_a_circle_and_keeps_the_picture(panel):
    panel.controls["guess"].value = "Image"
    before = panel.picture.png
    panel.controls["arrows"].boxes["Loyalty", "Image"].value = True
    assert "Not possible:" in panel.picture.sentence
    assert "circle" in panel.picture.sentence
    assert panel.picture.png == before


def test_every_box_says_which_arrow_it_is(panel):
    boxes = panel.controls["arrows"].boxes
    assert len(boxes) == 42
    assert all(box.tooltip == f"{a} → {b}" for (a, b), box in boxes.items())


def test_static_twin_folds_the_numbers_away(panel):
    shown, folded = panel.static().split("<details>")
    assert "0.48" not in shown
    assert "Satisfaction 0.48" in folded
    assert panel._repr_mimebundle_()["text/html"] == panel.static()


def test_observed_variables_and_mode_b_blocks_serve_too(moments):
    chain = read_chain(moments, "Quality <~ PERQ1 + PERQ2\nCUSA1 ~ Quality\nCUSL1 ~ CUSA1 + Quality")
    want = pt.pls(moments, "Quality <~ PERQ1 + PERQ2\nCUSA1 ~ Quality\nCUSL1 ~ CUSA1 + Quality")
    assert list(chain.names) == ["Quality", "CUSA1", "CUSL1"]
    assert chain.start.table["estimate"].to_list() == pytest.approx(want.table["estimate"].to_list(), abs=1e-12)
