"""What made-up notes say: recovery language, put together so that no two are alike by accident."""

import random

from providers.models import RoleElement

PURPOSES = (
    "Checked in about the week and what to work on next.",
    "Met to prepare for an appointment that felt big.",
    "Worked on the goal that matters most to the person right now.",
    "Talked about staying well at home and whom to call.",
    "Went over the morning plan and how it has been going.",
    "Looked for a group that meets close to home.",
)
DONE = (
    "Practiced what to say on the phone, then made the call together.",
    "Wrote a list of three small steps and chose the first one.",
    "Walked to the library and signed up for a card.",
    "Shared how I learned to ask for help, and what I would do again.",
    "Looked at the bus map and rode one stop as practice.",
    "Listed people who are good company and how to reach them.",
    "Used a breathing exercise before opening the letter from the landlord.",
    "Set up a calendar with reminders in the person's own words.",
)
RESPONSES = (
    "Said it was easier than expected and wants to try alone next time.",
    "Was quiet at first, then talked about a hope for the spring.",
    "Laughed about the first try and did it again right away.",
    "Asked for the list on paper to keep on the fridge.",
    "Noticed that mornings are better since the walks began.",
    "Felt nervous, named it, and stayed with it.",
)
NEXT_STEPS = (
    "Will call the sister on Sunday and tell me how it went.",
    "Will walk twice before we meet again.",
    "Will bring the letter so that we can answer it together.",
    "Will try the group once and leave early if it is too much.",
    "Will ask for the morning appointment.",
    "Will write down one good thing a day.",
)
OWN_WORDS = (
    "",
    "",
    "",
    "I can do the hard part first.",
    "It is good to be asked.",
    "One day at a time.",
)


def words(chance: random.Random) -> dict[str, str | bool | tuple[str, ...]]:
    """The narrative parts and role elements of one note, as `Content` takes them."""
    own = chance.choice(OWN_WORDS)
    return {
        "purpose": chance.choice(PURPOSES),
        "what_we_did": " ".join(chance.sample(DONE, 2)),
        "response": chance.choice(RESPONSES),
        "next_step": chance.choice(NEXT_STEPS),
        "own_words": own,
        "written_together": bool(own),
        "role_elements": tuple(sorted(chance.sample([str(each) for each in RoleElement], 2))),
    }
