"""A practice's pictures in the report's language."""

from matplotlib.ticker import ScalarFormatter

from pebbletrail.figures import described


def worded(study, fig, alt):
    """The figure with its description; where the report is French, numbers on its axes have a decimal comma."""
    if study.language == "fr":
        for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(Comma())
    return described(fig, alt, "")


class Comma(ScalarFormatter):
    """Numbers with a decimal comma, whatever the machine's own language."""

    def __call__(self, x, pos=None):
        return super().__call__(x, pos).replace(".", ",")
