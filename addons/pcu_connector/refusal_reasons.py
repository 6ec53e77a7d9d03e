"""Why a submission is refused before registration.

A code for programs, words for people: the code travels in the negative receipt of the
exchange contract, the text is what the applicant reads, and a clerk may change it.
"""

from __future__ import annotations

NOT_COMPETENT = "not_competent"
INCOMPLETE = "incomplete"
UNREADABLE = "unreadable"
INFECTED = "infected"
WRONG_FORM = "wrong_form"
OTHER = "other"
SPAM = "spam"
DUPLICATE = "duplicate"

#: What a clerk chooses from; spam and duplicates are acts of their own.
CHOICES = [
    (NOT_COMPETENT, "Another authority is competent"),
    (INCOMPLETE, "What is asked can't be understood"),
    (UNREADABLE, "The files can't be opened"),
    (INFECTED, "The files are infected"),
    (WRONG_FORM, "Filed on the form of another procedure"),
    (OTHER, "Another reason"),
]

#: What the applicant can repair in the same submission.
REPAIRABLE = [(code, words) for code, words in CHOICES if code in (
    INCOMPLETE, UNREADABLE, INFECTED, OTHER)]  # fmt: skip


def text_for_repair(env, code: str | bool) -> str:
    """Return what the applicant is asked to repair, empty for a reason of its own."""
    _ = env._
    return {
        INCOMPLETE: _(
            "Your submission could not be registered yet, because it does not say what "
            "you ask for. Please write it in a message to the same submission; you "
            "need not file it again."
        ),
        UNREADABLE: _(
            "Your submission could not be registered yet, because its files can't be "
            "opened. Please add files that open on your device, as PDF if possible, to "
            "the same submission; you need not file it again."
        ),
        INFECTED: _(
            "Your submission could not be registered yet, because a virus was found in "
            "its files. Please check your device and add clean files to the same "
            "submission; you need not file it again."
        ),
    }.get(code, "")


def text_for_applicant(env, code: str | bool) -> str:
    """Return the words for the applicant, empty where only a person can find them."""
    _ = env._
    return {
        NOT_COMPETENT: _(
            "Your submission was not registered, because another authority is "
            "competent for what you ask. Please file it there."
        ),
        INCOMPLETE: _(
            "Your submission was not registered, because it does not say what you ask "
            "for. Please file it again with a clear description."
        ),
        UNREADABLE: _(
            "Your submission was not registered, because its files can't be opened. "
            "Please file it again with files that open on your device, as PDF if "
            "possible."
        ),
        INFECTED: _(
            "Your submission was not registered, because a virus was found in its "
            "files. Please check your device and file it again with clean files."
        ),
        WRONG_FORM: _(
            "Your submission was not registered, because it was filed on the form of "
            "another procedure. Please file it again on the right form."
        ),
        SPAM: _(
            "Your submission was not registered, because it is a test or asks for "
            "nothing."
        ),
        DUPLICATE: _(
            "Your submission was not registered, because you filed the same one "
            "before. We work on the first one."
        ),
    }.get(code, "")
