"""Make the template databases of this state of the sources, if they aren't there yet.

The last step of `make setup`: a demonstration or a test then only copies them. What was
prepared is noted in a file, so that a second call asks no database server.
"""

import sys

from stack.paths import RUN
from stack.world import World

NOTE = RUN / "prepared"


def forget_older(world: World, current: str) -> None:
    """Drop the town halls of earlier states; each is as large as a small database."""
    prefix = world.postgres.name("townhall_")
    for name in world.postgres.sql("SELECT datname FROM pg_database").splitlines():
        if name.startswith(prefix) and name != current:
            world.odoo.drop(name)


def main() -> int:
    world = World("prepare", folder=RUN / "prepare")
    name = world.townhall_name()
    if NOTE.exists() and NOTE.read_text() == name:
        return 0
    print("Preparing the town hall's database (Odoo installs the modules) ...",
          file=sys.stderr)  # fmt: skip
    world.postgres.start()
    try:
        forget_older(world, world.townhall_template())
    finally:
        world.postgres.release()
    NOTE.write_text(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
