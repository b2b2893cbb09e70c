"""A formula as text, such as ``"q3 * 1240 / 0.6"``: what follows from an earlier answer. Stored, read, never run."""

import ast
import math
import operator

_BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
           ast.Pow: operator.pow}
_SIGN = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_CALL = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "abs": abs, "min": min, "max": max, "ceil": math.ceil,
         "floor": math.floor}
LARGEST_POWER = 100


def evaluate(formula, names):
    """The value of a formula.

    Parameters
    ----------
    formula : str
        Numbers, names, ``+ - * / **``, brackets, and ``sqrt exp log abs min max ceil floor``.
    names : mapping of str to float

    Returns
    -------
    float, or None where it has no finite value (a division by zero, the root of a negative number)

    Raises
    ------
    ValueError
        Anything else in the formula; the message names it.
    """
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError:
        raise ValueError(f"formula: {formula!r} cannot be read.") from None
    try:
        value = float(_value(tree.body, names, formula))
    except (ZeroDivisionError, OverflowError, ArithmeticError):
        return None
    return value if math.isfinite(value) else None


def _value(node, names, formula):
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _SIGN:
        return _SIGN[type(node.op)](_value(node.operand, names, formula))
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left, right = (_value(side, names, formula) for side in (node.left, node.right))
        return _power(left, right) if isinstance(node.op, ast.Pow) else _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) in _CALL and not node.keywords:
        return _called(node.func.id, [_value(argument, names, formula) for argument in node.args])
    raise ValueError(f"formula: {ast.unparse(node)!r} is not allowed in {formula!r}. Allowed are numbers, the names "
                     f"{', '.join(names) or '(none)'}, + - * / ** and {', '.join(_CALL)}.")


def _power(base, exponent):
    """Bounded, so that no formula can keep the machine busy."""
    if not (math.isfinite(base) and abs(exponent) <= LARGEST_POWER) or (base < 0 and exponent != int(exponent)):
        raise ArithmeticError("outside what is computed")
    return float(base) ** exponent


def _called(name, values):
    try:
        return _CALL[name](*values)
    except ValueError:  # the root or the logarithm of what has none
        raise ArithmeticError(name) from None
