"""`make two-servers`: two Odoo servers on one database take over one town hall's work.

Both have their crons and their job runner; the runners choose a leader, whose jobs go
to both through a balancer, as behind a proxy. Then the leader is killed: the other
server goes on alone, and nothing depends on who led. Stays up until Ctrl-C; with
``--check`` it ends by itself.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from stack.balancer import Balancer
from stack.paths import RUN
from stack.process import free_port
from stack.world import PLATFORM_CODE, World, demo_password

#: Who holds the advisory lock of queue_job's leading runner: the two halves of
#: `PG_ADVISORY_LOCK_ID` there.
LEADER = """
SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
   AND (l.classid::bigint << 32) + l.objid::bigint = 2293787760715711918
"""

#: Notes who held the lease of a submission each time that a step was stored; only in
#: the database of the demonstration.
NOTE_WORK = """
CREATE TABLE two_servers_work (item_id integer, owner text, state text);
CREATE FUNCTION two_servers_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.lease_owner IS NOT NULL THEN
        INSERT INTO two_servers_work VALUES (NEW.id, NEW.lease_owner, NEW.state);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER two_servers_note AFTER UPDATE ON pcu_exchange_item
    FOR EACH ROW EXECUTE FUNCTION two_servers_note()
"""
LEFT = """
SELECT (SELECT count(*) FROM pcu_exchange_item WHERE state <> 'acked')
     + (SELECT count(*) FROM pcu_exchange_effect WHERE state <> 'done')
     + (SELECT count(*) FROM pcu_notice WHERE state <> 'sent')
"""


class TwoServers:
    """Drives the demonstration; ``world`` is entered and left by the caller."""

    def __init__(self, world: World, say=print):
        self.world, self.say = world, say
        self.balancer = Balancer([world.odoo_port, free_port()]).start()
        self.filed = 0
        #: Process group of each server, by the id of the process that leads it.
        self.names: dict[int, str] = {}

    def start(self) -> None:
        """Start everything, both servers last."""
        world = self.world
        world.postgres.start()
        world.mail.start()
        world.sandbox.wake_up_at(
            f"http://127.0.0.1:{self.balancer.port}/pcu/wakeup/{PLATFORM_CODE}"
        )
        world.sandbox.start()
        self.say("Making the town hall (the first time this installs the modules) …")
        world.make_database(interval=1)
        world.postgres.sql(NOTE_WORK, world.database)
        with ThreadPoolExecutor() as both:
            for server in both.map(self._start_server, self.balancer.ports):
                self._name(server)

    def _start_server(self, port: int):
        # Jobs go through the balancer: the leader shares them out.
        jobs = {"ODOO_QUEUE_JOB_PORT": str(self.balancer.port)}
        return self.world.start_odoo(port=port, env=jobs)

    def _name(self, server) -> None:
        self.names[server.popen.pid] = f"server on port {server.port}"

    def file(self, count: int) -> None:
        """Let citizens file requests; wait until each is registered and told."""
        self.world.sandbox.seed(
            count, self.filed + 1, "--small", "--files-per-submission", "2"
        )
        self.filed += count
        sql = self.world.postgres.sql
        sql(
            "UPDATE pcu_platform SET next_poll_at = now() AT TIME ZONE 'UTC'",
            self.world.database,
        )
        self.world.ring()
        self._wait()

    def _wait(self, timeout: float = 240) -> None:
        limit, rang = time.monotonic() + timeout, time.monotonic()
        while self._registered() < self.filed or self._left():
            if time.monotonic() > limit:
                raise SystemExit(
                    f"{self._registered()} of {self.filed} submissions registered, "
                    f"{self._left()} things left to do, see {RUN}/logs"
                )
            if time.monotonic() > rang + 20:
                self.world.ring()
                rang = time.monotonic()
            time.sleep(0.3)

    def _registered(self) -> int:
        query = "SELECT count(*) FROM pcu_register_entry WHERE number IS NOT NULL"
        return int(self.world.postgres.sql(query, self.world.database))

    def _left(self) -> int:
        return int(self.world.postgres.sql(LEFT, self.world.database))

    # -- what came of it ----------------------------------------------------------

    def table(self) -> dict[str, int]:
        """Print who worked on how many submissions since the last table; return it."""
        sql = self.world.postgres.sql
        worked = Counter()
        rows = sql(
            "SELECT owner, count(DISTINCT item_id) FROM two_servers_work GROUP BY 1",
            self.world.database,
        )
        for row in rows.splitlines():
            owner, count = row.rsplit("|", 1)
            worked[self._server_of(owner)] += int(count)
        sql("DELETE FROM two_servers_work", self.world.database)
        numbers = sql(
            "SELECT count(*), count(DISTINCT number), max(number)"
            " FROM pcu_register_entry",
            self.world.database,
        ).split("|")
        for name, count in sorted(worked.items()):
            self.say(f"  {name:24}worked on {count} submissions")
        self.say(
            f"  {'register':24}{numbers[0]} entries, {numbers[1]} numbers, "
            f"the highest {numbers[2]}"
        )
        return worked

    def _server_of(self, owner: str) -> str:
        """Name the server of a lease's owner (worker_identity: host, process …)."""
        pid = int(owner.split("|")[1])
        return self.names.get(pid, f"process {pid}")

    def leader(self):
        """Return the server whose runner leads the queue of jobs.

        :raise RuntimeError: when none has taken the lead in a minute
        """
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            name = self.world.postgres.sql(LEADER, self.world.database)
            for server in self.world.servers:
                if name == f"odoo-{server.popen.pid}":
                    return server
            time.sleep(0.5)
        raise RuntimeError("no server leads the queue of jobs")

    # -- the demonstration --------------------------------------------------------

    def show(self, count: int) -> None:
        """Both at work, then one killed, then both again."""
        leader = self.leader()
        self.say(f"Both servers run; {self.names[leader.popen.pid]} leads the queue.")
        self.say(f"\n{count} submissions, two servers:")
        self.file(count)
        self.table()
        leader.kill()
        self.say(f"\n{self.names[leader.popen.pid]} is killed. {count} more:")
        self.file(count)
        self.table()
        leader.start()
        self._name(leader)
        self.say(f"\nIt is back; {self.names[self.leader().popen.pid]} leads. More:")
        self.file(count)
        self.table()


def say(text: str = "") -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="end when it is shown")
    parser.add_argument("--submissions", type=int, default=40, help="each time")
    parser.add_argument("--name", default="two_servers", help="another one beside it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    world = World(options.name)
    try:
        with world:
            demonstration = TwoServers(world, say)
            demonstration.start()
            demonstration.show(options.submissions)
            say(
                f"\nOdoo (both servers)  http://127.0.0.1:{demonstration.balancer.port}"
            )
            say(f"Platform             {world.sandbox.url}")
            say(f"Mailbox              {world.mail.url}")
            say(f"Password             {demo_password()}")
            if options.check:
                return 0
            say("Ready. Ctrl-C stops everything.")
            while all(p.running for p in (*world.servers, world.sandbox, world.mail)):
                time.sleep(1)
            say("A part ended by itself; see .run/logs.")
            return 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        if world.servers and not os.environ.get("PCU_KEEP"):
            world.odoo.drop(world.database)
        world.postgres.release()


if __name__ == "__main__":
    sys.exit(main())
