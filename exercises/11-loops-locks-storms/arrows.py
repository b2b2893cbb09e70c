"""Stories of module 11: loops, to be drawn out in time."""

from pebbletrail.exercises.authoring import ArrowCase

LATER = "Time runs one way: what is later cannot act on what is earlier. It acts on the next turn, which is another box."

ARROWS = (
    ArrowCase(
        "At nine a fault on the network upsets callers; it is mended at ten and touches nobody after that. How upset the "
        "morning's callers were decides how worn the agents are at noon. How worn the agents are at noon decides how "
        "upset the callers of the evening are. The evening's callers are not those of the morning.",
        ("upset-evening", "fault", "worn-noon", "upset-morning"),
        (("fault", "upset-morning"), ("upset-morning", "worn-noon"), ("worn-noon", "upset-evening")),
        {("upset-evening", "worn-noon"): LATER, ("upset-evening", "upset-morning"): LATER,
         ("fault", "upset-evening"): "The fault was mended at ten. It reaches the evening only by way of the others.",
         ("upset-morning", "upset-evening"): "Other callers. The morning reaches them only by way of the agents."},
        worked="fault -> upset-morning -> worn-noon -> upset-evening: a thread. The circle closes only on the next day, "
               "whose morning is another box."),
    ArrowCase(
        "A fault on the network lasts all day. It upsets the callers of the morning and other callers in the evening. "
        "Upset callers of the morning wear out the agents by noon. At noon all agents go home, and rested colleagues "
        "from the other site take over; nobody who was worn answers in the evening.",
        ("upset-evening", "fault", "worn-noon", "upset-morning"),
        (("fault", "upset-morning"), ("fault", "upset-evening"), ("upset-morning", "worn-noon")),
        {("worn-noon", "upset-evening"): "Who was worn at noon has gone home. The circle is cut here.",
         ("upset-morning", "upset-evening"): "Other callers. They go together because one fault upsets both, and not "
                                             "because the one upsets the other.",
         ("fault", "worn-noon"): "The fault reaches the agents only by way of the callers.",
         ("upset-evening", "upset-morning"): LATER},
        worked="fault -> upset-morning, fault -> upset-evening, upset-morning -> worn-noon. Morning and evening go "
               "together, and no circle runs: the fault stands behind both."),
    ArrowCase(
        "How strict the letter of this winter is decides how captive its customers feel in spring. How captive they feel "
        "decides what they tell others in summer. What is told in summer decides how many sign in autumn. The firm looks "
        "at the sign-ups of autumn, and at nothing else, when it writes the letter of the next winter.",
        ("letter-next", "captive-spring", "signups-autumn", "letter-winter", "talk-summer"),
        (("letter-winter", "captive-spring"), ("captive-spring", "talk-summer"), ("talk-summer", "signups-autumn"),
         ("signups-autumn", "letter-next")),
        {("signups-autumn", "letter-winter"): LATER, ("letter-next", "letter-winter"): LATER,
         ("letter-winter", "letter-next"): "The firm looks at the sign-ups and at nothing else, so not at its old "
                                           "letter.",
         ("letter-winter", "talk-summer"): "The letter reaches the talk only by way of feeling captive.",
         ("letter-winter", "signups-autumn"): "The letter reaches the sign-ups only by way of what is felt and told."},
        worked="One thread of four arrows, from this winter's letter to the next one. Drawn without time it would be a "
               "circle."),
    ArrowCase(
        "How angry people are on the first day decides how much they post that day. Overnight nobody stays angry by "
        "herself: how angry people are on the second day is decided by the posts of the first day, which they read, and "
        "by the firm's answer. The answer comes out at midnight, whatever is posted. Anger on the second day decides the "
        "posts of the second day.",
        ("posts-two", "anger-one", "answer", "anger-two", "posts-one"),
        (("anger-one", "posts-one"), ("posts-one", "anger-two"), ("answer", "anger-two"), ("anger-two", "posts-two")),
        {("posts-one", "answer"): "The answer comes out at midnight, whatever is posted. Nothing in the story decides "
                                  "it.",
         ("anger-one", "anger-two"): "Nobody stays angry by herself overnight. Only what is read carries it on.",
         ("answer", "posts-two"): "The answer reaches the posts only by way of anger.",
         ("posts-one", "posts-two"): "Posts of the first day reach those of the second only by way of anger.",
         ("posts-two", "anger-two"): "The story says which comes first on the second day. What is posted then acts on "
                                     "day three."},
        worked="anger-one -> posts-one -> anger-two -> posts-two, and answer -> anger-two. Anger makes posts and posts "
               "make anger: with the days drawn apart it is a thread."),
    ArrowCase(
        "How angry people are on the first day decides how much they post that day. How much is posted decides whether "
        "the firm answers that night. Overnight nobody stays angry by herself: anger on the second day is decided by the "
        "posts of the first day and by whether there was an answer.",
        ("anger-two", "anger-one", "answer", "posts-one"),
        (("anger-one", "posts-one"), ("posts-one", "answer"), ("posts-one", "anger-two"), ("answer", "anger-two")),
        {("anger-one", "anger-two"): "Nobody stays angry by herself overnight. Only posts and answer carry it on.",
         ("anger-one", "answer"): "The firm looks at the posts. Anger reaches it only by way of them.",
         ("answer", "posts-one"): LATER, ("anger-two", "answer"): LATER},
        worked="Posts act on anger by two roads, directly and by way of the answer. Whoever compares storms with and "
               "without an answer compares loud ones with quiet ones."),
    ArrowCase(
        "Each spring a hospital asks its customers and its staff how satisfied they are. How satisfied customers are in "
        "one year acts on how satisfied they are in the next, and the same holds of staff. How satisfied customers are "
        "in one year also acts on how satisfied staff are in the next. Staff's satisfaction is passed on to no customer, "
        "and within one year neither acts on the other.",
        ("staff-two", "customers-one", "customers-two", "staff-one"),
        (("customers-one", "customers-two"), ("staff-one", "staff-two"), ("customers-one", "staff-two")),
        {("staff-one", "customers-two"): "Passed on to no customer: this half of the circle is not in the story.",
         ("customers-one", "staff-one"): "Within one year neither acts on the other. What acts, acts a year later.",
         ("customers-two", "staff-two"): "Within one year neither acts on the other. What acts, acts a year later.",
         ("staff-two", "customers-two"): "Within one year neither acts on the other, and staff never on customers."},
        worked="Each carries on to itself, and customers to staff a year later. That is one half of a circle, and so no "
               "circle."),
)
