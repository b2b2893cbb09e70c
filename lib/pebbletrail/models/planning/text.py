"""What a plan says, for a reader who is no statistician."""

from pebbletrail.models.planning.runs import wilson
from pebbletrail.words import said


def of_100(share, over=" of 100"):
    """A share as people say it, never rounded to none or all."""
    if 0.995 <= share < 1:
        return f"more than 99{over}"
    return f"fewer than 1{over}" if 0 < share < 0.005 else f"{100 * share:.0f}{over}"


def wanted(target):
    """The target as it was given."""
    return f"{100 * target:g} of 100"


def told(plan):
    """The sentences of ``plan.text``."""
    sentences = [*_sizes(plan), *_smallest(plan), *_remarks(plan)]
    if plan.interrupted:
        sentences.append("The simulation was stopped early; what was done is used.")
    given = ", ".join(f"{row.assumption} {row.value if isinstance(row.value, str) else said(row.value)}"
                      for row in plan.assumptions.itertuples() if row.assumption != "effect" and row.value is not None)
    if plan.effect == 0:
        return " ".join([*sentences, f"Assumed: {given}."])
    ending = ["\"Found\" means that the 95 % interval leaves out 0.",
              f"All this rests on what is assumed, not known: {given}.",
              "It says how often such an effect would be found if it is there, not that it is there."]
    return " ".join(sentences + ending)


def _sizes(plan):
    """What the sizes that were asked for can do."""
    if not plan.asked_sizes:
        return []
    first, last, one = plan.table.iloc[0], plan.table.iloc[-1], len(plan.table) == 1
    size, largest = (plan.made.said_size(int(row["size"])) for row in (first, last))
    if plan.effect == 0:
        return [f"With {size}, and no effect, {of_100(first['power'])} such studies would still claim one "
                f"({_open(first, 'power')}); a 95 % interval promises 5 of 100."]
    if plan.effect is None:
        found = f"With {size}, the" if one else f"From {size} to {largest}, the"
    else:
        effect = plan.made.said_effect(said(plan.effect))
        if one:
            found = (f"With {size}, {effect} would be found in {of_100(first['power'])} such studies "
                     f"({_open(first, 'power')}). The")
        else:
            found = (f"{effect[0].upper()}{effect[1:]} would be found in {of_100(first['power'])} such studies with {size}, "
                     f"and in {of_100(last['power'])} with {largest}. The")
    widths = f"about {short(first['half_width'])}" if one else \
        f"from about {short(first['half_width'])} down to about {short(last['half_width'])}"
    return [f"{found} 95 % interval would reach {widths} to either side of the estimate.", _detectable(plan, last, one)]


def _open(row, name):
    """The Monte Carlo interval of a share."""
    return f"Monte Carlo error: {of_100(row[f'{name}_low'], '')} to {of_100(row[f'{name}_high'])}"


def _detectable(plan, row, one):
    target, who = wanted(plan.target), "such a study" if one else "the last of these"
    if row["detectable"] != row["detectable"]:
        return f"No effect that is possible would be found by {who} in {target} cases."
    low, high = (short(value, 3) if value == value else "any larger one"
                 for value in (row["detectable_low"], row["detectable_high"]))
    return (f"The smallest effect that {who} would find in {target} cases is {short(row['detectable'], 3)} in size "
            f"(Monte Carlo error: {low} to {high}).")


def _smallest(plan):
    """The smallest design, and how sure so many draws are of it."""
    if not plan.effect:
        return []
    effect, target = plan.made.said_effect(said(plan.effect)), wanted(plan.target)
    if plan.smallest is None:
        if plan.too_small:
            return [f"Fewer than {target} studies of {plan.made.most:,} {plan.made.counted} would find {effect}."]
        why = "the search was stopped" if plan.interrupted else "give more draws"
        return [f"How large a design must be to find {effect} in {target} such studies is left open: {why}."]
    least = plan.smallest
    doubt = f"By Monte Carlo error it might be {least.low:,} to {least.high:,} {plan.made.counted}." \
        if least.low < least.high else "Monte Carlo error leaves no other number open."
    size = plan.made.said_size(least.size)
    if least.size <= plan.made.fewest:
        found = [f"The least that a plan allows, {size}, already finds {effect} in {of_100(least.power)} such studies; "
                 f"{target} were wanted.", doubt]
    else:
        found = [f"The smallest design that finds {effect} in {target} such studies has {size}.", doubt]
    there = plan.curve[plan.curve["size"] == least.size]
    if not plan.asked_sizes and len(there):
        width = short(there["half_width"].iloc[0])
        found.append(f"Its 95 % interval would reach about {width} to either side of the estimate.")
    return found


def _remarks(plan):
    """What the design says of the least size that was asked for, and of the smallest that reaches the target."""
    sizes = [int(plan.table["size"].iloc[0])] if plan.asked_sizes or plan.smallest is None else []
    sizes += [plan.smallest.size] if plan.smallest is not None else []
    sentences = {}  # each only once
    for size in sizes:
        nearest = plan.curve.iloc[(plan.curve["size"] - size).abs().argmin()]
        alarms = nearest["false_alarms"]
        surely = wilson(alarms, int(nearest["draws"]))[0]
        sentences |= dict.fromkeys(plan.made.remarks(int(nearest["size"]), alarms, surely))
    return list(sentences)


def short(value, digits=2):
    """So many significant digits, in figures that people read aloud."""
    return said(float(f"{value:.{digits}g}"))
