"""Protocol code for public platforms: plain Python, no ``env``.

One module per platform family. The connector knows an adapter only through
:class:`.base.Adapter` and the exceptions of :mod:`.base`; a further platform is a
further module and one line in :data:`ADAPTERS`.
"""

from .base import Adapter
from .demarche_numerique import DemarcheNumeriqueAdapter
from .edirect import EDirectAdapter
from .svarinn import SvarInnAdapter

ADAPTERS: dict[str, type[Adapter]] = {
    adapter.code: adapter
    for adapter in (EDirectAdapter, SvarInnAdapter, DemarcheNumeriqueAdapter)
}
