"""The Markdown of the questions' stories as HTML: paragraphs, quotations, lists, bold, slanted, code. All else is text."""

import re

_BULLET, _NUMBER = re.compile(r"[-*] +"), re.compile(r"\d+\. +")
_SPAN = re.compile(r"`(?P<code>[^`]+)`|\*\*(?=\S)(?P<b>.+?)(?<=\S)\*\*"
                   r"|\*(?=[^\s*])(?P<i>(?:\*\*[^*]+\*\*|[^*])+)(?<=\S)\*")


def story(text):
    """HTML of a text in the Markdown that stories are written in; what is HTML in it is shown, not obeyed."""
    from markupsafe import Markup

    return Markup("".join(_blocks(text.split("\n"))))


def _blocks(lines):
    """One piece of HTML for each run of lines that belong together."""
    run, kind = [], ""
    for line in [*lines, ""]:
        now = _kind(line, kind)
        if run and (now != kind or now == ""):
            yield _made(kind, run)
            run = []
        kind = now
        if now:
            run.append(line)


def _kind(line, before):
    """Which tag a line belongs in; a line that goes on with a list's last entry stays in the list."""
    if not line.strip():
        return ""
    if line.startswith(">"):
        return "blockquote"
    if _BULLET.match(line):
        return "ul"
    if _NUMBER.match(line):
        return "ol"
    return before if before in ("ul", "ol") and line.startswith(" ") else "p"


def _made(kind, lines):
    if kind == "p":
        return f"<p>{_spans(' '.join(lines))}</p>"
    if kind == "blockquote":
        inner = (line.removeprefix(">").removeprefix(" ") for line in lines)
        return f"<blockquote>{''.join(_blocks(list(inner)))}</blockquote>"
    entries = []
    for line in lines:
        mark = (_BULLET if kind == "ul" else _NUMBER).match(line)
        if mark:
            entries.append(line[mark.end():])
        else:
            entries[-1] += f" {line.strip()}"
    return f"<{kind}>{''.join(f'<li>{_spans(entry)}</li>' for entry in entries)}</{kind}>"


def _spans(text):
    from markupsafe import escape

    return _tagged(str(escape(text)))


def _tagged(text):
    def made(match):
        tag = match.lastgroup
        return f"<{tag}>{match[tag] if tag == 'code' else _tagged(match[tag])}</{tag}>"  # in code an asterisk is an asterisk

    return _SPAN.sub(made, text)
