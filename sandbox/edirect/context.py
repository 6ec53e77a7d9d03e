"""The parts of one running platform, wired once and handed to whoever needs them."""

from dataclasses import dataclass

from edirect.blobs import BlobStore
from edirect.config import Config
from edirect.db import Database
from edirect.faults import Faults
from edirect.mail import Mailer
from edirect.ratelimit import RateLimit
from edirect.tokens import Tokens
from edirect.wakeup import WakeUp


@dataclass
class Context:
    config: Config
    db: Database
    blobs: BlobStore
    tokens: Tokens
    rate_limit: RateLimit
    faults: Faults
    mailer: Mailer
    wakeup: WakeUp

    def start(self) -> None:
        self.mailer.start()
        self.wakeup.start()

    def stop(self) -> None:
        self.mailer.stop()
        self.wakeup.stop()


def build(config: Config) -> Context:
    db = Database(config.data / "edirect.sqlite3")
    return Context(
        config=config,
        db=db,
        blobs=BlobStore(config.data / "blobs"),
        tokens=Tokens(config, db),
        rate_limit=RateLimit(config.rate_limit, config.rate_window_seconds),
        faults=Faults.from_values(config.faults),
        mailer=Mailer(config, db),
        wakeup=WakeUp(config),
    )
