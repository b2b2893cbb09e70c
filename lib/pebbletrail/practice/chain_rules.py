"""The relational chain: assumptions and rival explanations, each judged by a rule that its sentence states."""

from pebbletrail.models.regress import regress
from pebbletrail.practice import chain_fit
from pebbletrail.practice.judged import AGAINST, FOR, OPEN, Judged, by_adjusting, by_size


def enough(m):
    """Whether there are answers enough for a chain."""
    return Judged(by_size(-m.n, -199.5, -99.5), "enough", {"n": int(m.n)})


def reliable(study):
    """Whether the items of each construct agree: the weakest alpha."""
    found = chain_fit.alphas(study)
    if found.empty:
        return Judged("doubtful", "alpha.unseen")
    weakest = chain_fit.called(study, found.index[0])
    values = {"construct": weakest, "alpha": float(found.iloc[0]), "scales": len(found)}
    return Judged(by_size(-found.iloc[0], -0.7, -0.6), "alpha", values)


def apart(study, m):
    """Whether what leads to loyalty can be told apart: the largest share of one of them that the others explain."""
    predictors = chain_fit.arrows(chain_fit.given(study))[chain_fit.TARGET]
    if len(predictors) < 2:
        return Judged("pass", "apart.one")
    shares = {name: 100 * regress(m, f"{name} ~ {' + '.join(one for one in predictors if one != name)}").r2
              for name in predictors}
    most = max(shares, key=shares.get)
    values = {"construct": chain_fit.called(study, most), "share": float(shares[most])}
    return Judged(by_size(shares[most], 60, 80), "apart", values)


def one_mouth(study):
    """Every construct comes from the same answer sheet: always a doubt here."""
    return Judged("doubtful", "mouth", {"constructs": len(chain_fit.given(study))})


def common_mood(m):
    """Rival: one mood colours every answer. How much do all constructs have in common?"""
    share = 100 * chain_fit.shared(m)
    status = FOR if share >= 60 else AGAINST if share < 40 else OPEN
    return Judged(status, f"rival.mood.{ {FOR: 'for', AGAINST: 'against', OPEN: 'open'}[status]}", {"share": share})


def earlier_image(study, m):
    """Rival: what people thought of the firm before. Does holding it equal move the slope of quality by a fifth?"""
    before = chain_fit.ancestors(chain_fit.given(study))
    if not before:
        return Judged(OPEN, "rival.image.unseen")
    one, other = chain_fit.bare(study, m), chain_fit.in_one(study, m)
    return by_adjusting("rival.image", one["estimate"], other["estimate"], (one["p"], other["p"]))


def other_way(study, m):
    """Rival: who is loyal finds the quality good. The same answers fit an arrow back just as well: nothing here decides."""
    back = regress(m, f"{chain_fit.SOURCE} ~ {chain_fit.TARGET}")
    return Judged(OPEN, "rival.back", {"share": float(100 * back.r2)})
