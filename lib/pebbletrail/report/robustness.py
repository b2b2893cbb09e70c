"""The main estimate among its other versions, as dots with their intervals: places and labels for an inline picture."""

import math

ENDS = ("estimate", "low", "high")
POINTS = tuple(f"{end}_points" for end in ENDS)  # shares, as the sentences say them
WIDTH, LEFT, RIGHT, ROW, TOP, FOOT = 340, 26, 12, 20, 8, 24


def picture(material):
    """Rows for the table, and the picture's geometry; None where no other version was run.

    Returns
    -------
    dict or None
        ``rows``: number, text, estimate, interval; ``dots``: y, x, x1, x2; ``ticks``: (x, text); ``zero``, ``width``,
        ``height``, ``alt``.
    """
    w, runs = material.w, [material.main, *material.all("robustness")]
    if len(runs) < 2:
        return None
    names = POINTS if all(set(POINTS) <= set(one.values) for one in runs) else ENDS
    rows = [_row(material, number, one, names) for number, one in enumerate(runs)]
    ends = [_ends(one, names) for one in runs]
    drawn = [(number, *one) for number, one in enumerate(ends) if one is not None]
    place, ticks = _scale([value for _, *ends in drawn for value in ends])
    dots = [{"number": number, "y": TOP + ROW * number + ROW / 2, "x": place(estimate), "x1": place(low), "x2": place(high)}
            for number, estimate, low, high in drawn]
    told = "; ".join(w("robustness.row", **{name: row[name] for name in ("number", "estimate", "low", "high")})
                     for row in rows)
    height = TOP + ROW * len(runs)
    return {"rows": rows, "dots": dots, "ticks": [(place(tick), w.number(float(tick))) for tick in ticks],
            "zero": place(0.0), "width": WIDTH, "height": height + FOOT, "floor": height,
            "alt": w("robustness.alt", rows=told)}


def _row(material, number, one, names):
    w, values = material.w, one.values
    said = {end: w.number(float(values[name])) if name in values else "–" for end, name in zip(ENDS, names, strict=True)}
    return {"number": number, "text": material.text(one), **said, "interval": w("number.span", **{
        end: said[end] for end in ("low", "high")})}


def _ends(one, names):
    values = [one.values.get(name, math.nan) for name in names]
    return values if all(isinstance(value, int | float) and math.isfinite(value) for value in values) else None


def _scale(values):
    """From values to places, zero always among them, and about four round numbers for the axis."""
    from matplotlib.ticker import MaxNLocator

    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        low, high = -1.0, 1.0
    ticks = [float(tick) for tick in MaxNLocator(nbins=4).tick_values(low, high)]
    first, last = ticks[0], ticks[-1]

    def place(value):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - first) / (last - first), 2)

    return place, [0.0 if abs(tick) < 1e-12 * (last - first) else tick for tick in ticks]
