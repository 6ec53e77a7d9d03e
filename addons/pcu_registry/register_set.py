"""The registers a Romanian town hall usually keeps, ready to be created.

Names are data in the institution's language, not messages. Which of them a town hall
keeps is its own decision; what the law names: petitions (OG 27/2002 art. 6), public
information (Law 544/2001, norms art. 17; its register is public), dispositions and
decisions (Administrative Code art. 197–198).
"""

from typing import NamedTuple


class ReadyRegister(NamedTuple):
    """One register of the set."""

    code: str
    kind: str
    name: str
    public: bool = False

    @property
    def number_format(self) -> str:
        """Cite numbers of a special register with its code, so that none is mistaken.

        >>> ReadyRegister("PET", "petitions", "Petiții").number_format
        '{code} {number}/{date}'
        >>> ReadyRegister("RG", "general", "General").number_format
        '{number}/{date}'
        """
        return "{number}/{date}" if self.kind == "general" else "{code} {number}/{date}"


READY_REGISTERS = (
    ReadyRegister("RG", "general", "Registru general de intrare-ieșire"),
    ReadyRegister("PET", "petitions", "Registrul petițiilor"),
    ReadyRegister(
        "L544", "law544", "Registrul solicitărilor de informații publice", public=True
    ),
    ReadyRegister("DISP", "decisions", "Registrul dispozițiilor primarului"),
    ReadyRegister("HCL", "decisions", "Registrul hotărârilor consiliului local"),
    ReadyRegister("CTR", "contracts", "Registrul contractelor"),
    ReadyRegister("INT", "internal", "Registrul documentelor interne"),
    ReadyRegister("AUD", "other", "Registrul audiențelor"),
)
