"""The controls of an explorer: each says what it moves and in which unit, and can be used from the keyboard."""

from pebbletrail.words import said

LABEL = {"description_width": "31em"}


def slider(label, unit, low, high, value, step):
    """A slider; ``unit`` stands after the label. Whole steps give whole numbers."""
    from ipywidgets import FloatSlider, IntSlider

    if not low <= value <= high:
        raise ValueError(f"{label}: the starting value {value} is not within {low} to {high}.")
    whole = all(float(number).is_integer() for number in (low, high, value, step))
    kind = IntSlider if whole else FloatSlider
    look = {} if whole else {"readout_format": f".{_decimals(step)}f"}
    description = f"{label} ({unit})" if unit else label
    return kind(value=value, min=low, max=high, step=step, description=description, style=LABEL,
                layout={"width": "60em", "max_width": "100%"}, tooltip=description, **look)


def _decimals(step):
    return len(f"{step:.10f}".rstrip("0").split(".")[1])


def choice(label, options, value=None):
    """Buttons of which one is pressed. ``options``: words, or a dict of words to values."""
    from ipywidgets import ToggleButtons

    given = options if isinstance(options, dict) else {one: one for one in options}
    start = next(iter(given.values())) if value is None else value
    look = {**LABEL, "button_width": "auto"}
    return ToggleButtons(options=list(given.items()), value=start, description=label, style=look)


def tick(label, value=False):
    """A box to tick."""
    from ipywidgets import Checkbox

    return Checkbox(value=value, description=label, indent=False, layout={"width": "auto"})


def told(control):
    """What a control is set to, in words: for the static twin."""
    label = control.description
    if isinstance(control.value, bool):
        return f"{label}: {'yes' if control.value else 'no'}"
    words = {value: word for word, value in getattr(control, "options", ())}
    value = words.get(control.value, control.value)
    return f"{label}: {value if isinstance(value, str) else said(value)}"
