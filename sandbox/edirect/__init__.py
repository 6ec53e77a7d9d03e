"""eDirect sandbox: a small public platform with the shape of the national PCUe.

It exists so that the back office can be developed, shown and tested against real
processes: citizens have pages, institutions have the exchange interface that
`docs/exchange-api.yaml` writes down. It is a program of its own; nothing of the
suite imports it.
"""

__version__ = "1.0.0"
