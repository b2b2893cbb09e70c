"""The advice: every case of a table derived by hand from the rules that the report prints."""

import pytest

from pebbletrail.report.decision import decide

STRONG = ("before-after", "randomised")


@pytest.mark.parametrize(("design", "chance", "given", "choice", "reason"), [
    ("association", None, {}, "pilot", "association"),
    ("association", 0.95, {}, "pilot", "association"),
    ("association", 0.10, {}, "nothing", "unlikely"),
    ("association", 0.11, {}, "pilot", "association"),
    ("association", None, {"falls_short": True}, "nothing", "short"),
    ("association", 0.99, {"failed": 1, "rivals": 1}, "pilot", "association"),
    *((design, None, {}, "pilot", "unpriced") for design in STRONG),
    *((design, 0.90, {}, "rollout", "likely") for design in STRONG),
    *((design, 0.89, {}, "pilot", "open") for design in STRONG),
    *((design, 0.11, {}, "pilot", "open") for design in STRONG),
    *((design, 0.10, {}, "nothing", "unlikely") for design in STRONG),
    *((design, 0.00, {"failed": 1}, "nothing", "unlikely") for design in STRONG),
    *((design, 0.99, {"failed": 1}, "pilot", "failed") for design in STRONG),
    *((design, 0.99, {"rivals": 1}, "pilot", "rival") for design in STRONG),
    *((design, 0.99, {"failed": 1, "rivals": 2}, "pilot", "failed") for design in STRONG),
    *((design, 0.99, {"falls_short": True}, "nothing", "short") for design in STRONG),
    *((design, None, {"failed": 1}, "pilot", "unpriced") for design in STRONG),
])
def test_the_first_rule_that_holds_decides(design, chance, given, choice, reason):
    found = decide(design, chance, **given)
    assert (found.choice, found.reason) == (choice, reason)


def test_only_a_strong_design_without_doubt_is_rolled_out():
    for design in ("association", *STRONG):
        for chance in (None, 0.0, 0.1, 0.5, 0.9, 1.0):
            for short in (False, True):
                for failed in (0, 1):
                    for rivals in (0, 1):
                        found = decide(design, chance, falls_short=short, failed=failed, rivals=rivals)
                        allowed = design != "association" and (chance or 0) >= 0.9 and not (short or failed or rivals)
                        assert (found.choice == "rollout") == allowed
