"""Which questions to look at, and what to do about each."""

EASY, HARD, APART = 0.95, 0.2, 0.1
SURE = 0.2  # an interval that reaches no higher than this says that a question tells hardly anybody apart
TOO_EASY, TOO_HARD, NOT_APART = "very easy", "very hard", "does not go with the rest"
UNKNOWN = "no known way"
TODO = {
    TOO_EASY: "nearly everybody has the points. Good as a warm-up; it does little to tell work apart",
    TOO_HARD: "hardly anybody has the points. Was it taught, is the wording plain? Look at the commonest mistake, and at "
              "several works: each student has other numbers",
    NOT_APART: "who does well elsewhere does no better here. Read right answers of weak works and wrong ones of strong "
               "works: can it be read in two ways? Stories differ between students, and may differ in how hard they are",
}
