"""The way of a document on one picture: a list of steps drawn as HTML; no ``env``.

An ordered list, because that is what a screen reader says best. Every state stands
there in words; colour and icon only repeat it. Texts come translated from the caller
and are escaped here.
"""

from dataclasses import dataclass

from markupsafe import Markup

_LIST = Markup('<ol class="list-unstyled mb-0" aria-label="%s">%s</ol>')
_STEP = Markup(
    '<li class="d-flex gap-3 pb-3%s"%s>'
    '<span class="text-%s pt-1" aria-hidden="true"><i class="fa fa-fw %s"></i></span>'
    '<div class="flex-grow-1"><div>%s</div>%s</div></li>'
)
_TITLE = Markup("<strong>%s</strong>")
_BADGE = Markup(' <span class="badge text-bg-%s">%s</span>')
_WHEN = Markup(' <span class="text-muted small ms-1">%s</span>')
_DETAIL = Markup('<div class="text-muted">%s</div>')
_QUOTE = Markup('<blockquote class="border-start border-2 ps-2 my-1">%s%s</blockquote>')
_SIGNED = Markup('<footer class="text-muted small">%s</footer>')


@dataclass(frozen=True)
class Step:
    """One thing that happened to the document on its way."""

    title: str
    when: str = ""
    icon: str = "fa-circle-o"
    state: str = ""
    tone: str = "secondary"
    details: tuple[str, ...] = ()
    quote: str = ""
    signed: str = ""
    beside: bool = False
    current: bool = False


def draw(steps: list[Step], label: str) -> Markup:
    """Return the steps as an ordered list.

    >>> print(draw([Step("Registered", when="1 May")], "The way"))
    ... # doctest: +ELLIPSIS
    <ol class="list-unstyled mb-0" aria-label="The way"><li ...>1 May</span>...</ol>
    >>> "&lt;b&gt;" in draw([Step("<b>")], "")
    True
    >>> 'aria-current="step"' in draw([Step("Here", current=True)], "")
    True
    """
    return _LIST % (label, Markup("").join(_draw_step(step) for step in steps))


def _draw_step(step: Step) -> Markup:
    head = _TITLE % step.title
    if step.state:
        head += _BADGE % (step.tone, step.state)
    if step.when:
        head += _WHEN % step.when
    body = Markup("").join(_DETAIL % detail for detail in step.details if detail)
    if step.quote:
        body += _QUOTE % (step.quote, _SIGNED % step.signed if step.signed else "")
    return _STEP % (
        Markup(" ps-4") if step.beside else "",
        Markup(' aria-current="step"') if step.current else "",
        step.tone,
        step.icon,
        head,
        body,
    )
