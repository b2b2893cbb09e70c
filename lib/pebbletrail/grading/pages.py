"""What the pages of grading share: jinja2 that escapes everything, the house's look, and a policy: nothing foreign runs.

A page extends ``_base.html`` and is made by ``page``. What comes from outside is printed by ``{{ }}`` alone and never by a
``safe`` filter; a style attribute has no effect under the policy: use a class, or an attribute of SVG.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

# Left out: control characters, and marks that turn the direction of the text that follows them.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_HALVES = re.compile("[\ud800-\udfff]")


def page(template, style="", script="", **values):
    """A whole page as text; the same values give the same text.

    Parameters
    ----------
    template : str
        A file of ``templates/`` that extends ``_base.html``.
    style, script : str, optional
        Files of ``templates/``: a style beside the house's, and the one script that may run in the page.
    **values
        What the template prints.
    """
    look, code = _content("base.css") + (_content(style) if style else ""), _content(script) if script else ""
    return _environment().get_template(template).render(
        policy=policy(look, code), style=_safe(look), script=_safe(code), **values)


def policy(style, script=""):
    """A Content-Security-Policy that allows this one style, this one script when there is one, and nothing else."""
    allowed = f"'sha256-{_digest(script)}'" if script else "'none'"
    return (f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src {allowed}; img-src data:; "
            "base-uri 'none'; form-action 'none'")


def seen(value):
    """A text without what no reader sees; anything else, and HTML that is ready, as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return UNSEEN.sub("", _HALVES.sub("\ufffd", LINE_ENDS.sub("\n", value)))


def points(value):
    """Points as people write them: 7, 12.5."""
    return f"{round(value, 2) + 0.0:.10g}"


@cache
def _environment():
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from pebbletrail.grading.stories import story

    environment = Environment(loader=PackageLoader("pebbletrail.grading"), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined, finalize=seen)
    environment.filters |= {"points": points, "story": lambda text: story(seen(text))}
    return environment


def _safe(text):
    from markupsafe import Markup

    return Markup(text)


@cache
def _content(name):
    return (files("pebbletrail.grading") / "templates" / name).read_text(encoding="utf-8")


def _digest(text):
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
