"""Start, stop and ask the real parts of the suite: PostgreSQL, Odoo, platform, mail.

Used by `scripts/dev`, the demo, the end-to-end tests and the benchmarks, so that all
four run the same thing. Standard library only: it must work before anything else does.
"""
