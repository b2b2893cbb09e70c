"""How results show themselves: the sentence, then the table."""

from html import escape


def _number(value):
    return "" if value != value else f"{value:.4g}"


class Shown:
    """For a result with ``.text`` and ``.table``: what ``print`` and a notebook show of it. The table keeps all digits."""

    def __repr__(self):
        return f"{self.text}\n\n{self.table.to_string(index=False, float_format=_number)}"

    def _repr_html_(self):
        return f"<p>{escape(self.text)}</p>{self.table.to_html(index=False, float_format=_number, border=0)}"


def publish(bundle):
    """Into the cell's output when a notebook runs; onto the terminal otherwise."""
    try:
        from IPython import get_ipython
    except ImportError:
        get_ipython = lambda: None  # noqa: E731
    if get_ipython() is None:
        print(bundle["text/plain"])
        return
    from IPython.display import display

    display(bundle, raw=True)
