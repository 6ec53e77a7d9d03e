CREATE TABLE IF NOT EXISTS meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    profile TEXT NOT NULL,
    company TEXT,
    session_epoch INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    confirmed_at TEXT
);
CREATE INDEX IF NOT EXISTS users_email ON users (email);
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    institution TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    procedure_title TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL,
    user_id TEXT REFERENCES users (id),
    account_kind TEXT NOT NULL,
    applicant TEXT NOT NULL,
    observations TEXT NOT NULL,
    consent TEXT NOT NULL,
    form TEXT NOT NULL,
    payments TEXT NOT NULL,
    file_count INTEGER NOT NULL DEFAULT 0,
    taken_over_at TEXT,
    registration TEXT,
    refusal TEXT,
    decision TEXT,
    clarification TEXT,
    submitted_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS submissions_list
    ON submissions (institution, updated_at, id);
CREATE INDEX IF NOT EXISTS submissions_user ON submissions (user_id, number);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    seq INTEGER NOT NULL,
    origin TEXT NOT NULL,
    slot TEXT,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    declared_type TEXT NOT NULL,
    signed INTEGER NOT NULL DEFAULT 0,
    infected INTEGER NOT NULL DEFAULT 0,
    scanned_at TEXT NOT NULL,
    withdrawn_at TEXT
);
CREATE INDEX IF NOT EXISTS files_submission ON files (submission_id, seq);
CREATE TABLE IF NOT EXISTS history (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS history_submission ON history (submission_id, at);
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    institution TEXT NOT NULL,
    at TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_list ON events (institution, seq);
CREATE TABLE IF NOT EXISTS effects (
    client_id TEXT NOT NULL,
    client_reference TEXT NOT NULL,
    effect TEXT NOT NULL,
    submission_id TEXT,
    at TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    body TEXT NOT NULL,
    result TEXT,
    PRIMARY KEY (client_id, client_reference)
);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    created_at TEXT NOT NULL,
    completed_at TEXT,
    submission_id TEXT
);
CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    files TEXT NOT NULL,
    submission_id TEXT
);
CREATE TABLE IF NOT EXISTS mails (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    failed_at TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try REAL NOT NULL DEFAULT 0,
    last_error TEXT
);
CREATE INDEX IF NOT EXISTS mails_waiting ON mails (next_try)
    WHERE sent_at IS NULL AND failed_at IS NULL;
