"""Processes that end themselves with SIGKILL at a chosen moment of their work.

Nothing of it lives in the suite: Odoo loads the observer as a server-wide module of the
tests' own folder, the platform is started by a launcher that wraps it.
"""
