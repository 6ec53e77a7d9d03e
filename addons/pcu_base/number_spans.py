"""Many numbers in few characters."""

from collections.abc import Iterable


def spans(numbers: Iterable[int]) -> str:
    """Write many numbers in few characters.

    >>> spans([7, 3, 4, 5, 9])
    '3-5, 7, 9'
    """
    found = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
