-- The record store. Derived from the raw archive: `kilde ingest --from-archive` makes it anew.
-- Offsets are code points; a mention's offsets count from its record's start. Dates are ISO 8601; amounts are exact decimals as text.

CREATE TABLE counter (           -- numbers that only grow
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counter VALUES ('change', 0);

CREATE TABLE original (          -- a body of bytes, stored once
    digest TEXT PRIMARY KEY,     -- sha-256, hexadecimal
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    file TEXT NOT NULL,          -- where the archive holds it
    place INTEGER NOT NULL,
    part TEXT NOT NULL           -- JSON: the names that lead to it inside of what stands there, mostly none
) WITHOUT ROWID;

CREATE TABLE reached (           -- the last observation of the archive that the store knows; one row
    only INTEGER PRIMARY KEY CHECK (only = 1),
    file TEXT NOT NULL,
    place INTEGER NOT NULL
);

CREATE TABLE observation (       -- bytes seen under a locator, in the order of the archive
    number INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    observed TEXT NOT NULL,      -- UTC
    media_type TEXT NOT NULL,
    publisher TEXT,
    published TEXT,
    url TEXT,
    hints TEXT,                  -- JSON; what the source's definition says of how it reads
    file TEXT NOT NULL,
    place INTEGER NOT NULL
);
CREATE INDEX observation_document ON observation (document, number);
CREATE INDEX observation_digest ON observation (digest);
CREATE INDEX observation_place ON observation (file, place);

CREATE TABLE document (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    locator TEXT NOT NULL,
    version TEXT,                -- digest of the current version; null while none could be read
    parent TEXT,                 -- the document that it is an attachment of, or the .zip that it came in
    container INTEGER NOT NULL,  -- 1 where it has no text of its own, only parts
    gone TEXT,                   -- when it was found gone, UTC; its last version stays
    forgotten INTEGER NOT NULL,  -- 1 for what `kilde forget` took out: only this row is left of it
    last INTEGER,                -- number of its last observation
    change INTEGER NOT NULL,     -- grows with every change of what is current
    UNIQUE (source, locator)
) WITHOUT ROWID;
CREATE INDEX document_change ON document (change);
CREATE INDEX document_parent ON document (parent) WHERE parent IS NOT NULL;
CREATE INDEX document_version ON document (version);

CREATE TABLE version (           -- a document as read from one body; rows are never changed
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT,
    published TEXT,              -- 2020, 2020-01 or 2020-01-16
    published_first TEXT,
    published_last TEXT,
    published_basis TEXT,
    published_start INTEGER,
    published_end INTEGER,
    updated TEXT,
    language TEXT NOT NULL,
    url TEXT,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    reader TEXT NOT NULL,
    rules TEXT NOT NULL,
    boilerplate TEXT NOT NULL,   -- JSON
    structure TEXT NOT NULL,     -- JSON
    problems TEXT NOT NULL,      -- JSON
    PRIMARY KEY (document, digest)
) WITHOUT ROWID;

CREATE INDEX version_published ON version (document, digest, published);
CREATE INDEX version_text ON version (text_sha256);
CREATE INDEX version_rules ON version (rules, document, digest);

CREATE TABLE quarantine (        -- what is archived and could not be read
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    rules TEXT NOT NULL,         -- fingerprint of the rules that failed
    PRIMARY KEY (document, digest)
) WITHOUT ROWID;

CREATE TABLE record (
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,
    theme TEXT,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    fields TEXT NOT NULL,        -- JSON
    links TEXT NOT NULL,         -- JSON
    PRIMARY KEY (document, digest, position)
) WITHOUT ROWID;
CREATE INDEX record_id ON record (id);

CREATE TABLE kommune_mention (
    document TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, surface TEXT NOT NULL,
    code TEXT NOT NULL, role TEXT NOT NULL, rule TEXT NOT NULL, former TEXT
);
CREATE INDEX kommune_mention_record ON kommune_mention (document, digest, position);
CREATE INDEX kommune_mention_code ON kommune_mention (code);

CREATE TABLE date_mention (
    document TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, surface TEXT NOT NULL,
    first TEXT, last TEXT, grain TEXT NOT NULL, basis TEXT NOT NULL, rule TEXT NOT NULL, problem TEXT
);
CREATE INDEX date_mention_record ON date_mention (document, digest, position);

CREATE TABLE amount_mention (
    document TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, surface TEXT NOT NULL,
    value TEXT NOT NULL, value_to TEXT, unit TEXT NOT NULL, approximate INTEGER NOT NULL, bound TEXT, rule TEXT NOT NULL, problem TEXT
);
CREATE INDEX amount_mention_record ON amount_mention (document, digest, position);

CREATE TABLE group_mention (
    document TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, surface TEXT NOT NULL,
    n INTEGER NOT NULL, noun TEXT NOT NULL, value TEXT, unit TEXT, rule TEXT NOT NULL
);
CREATE INDEX group_mention_record ON group_mention (document, digest, position);

CREATE TABLE grant_mention (
    document TEXT NOT NULL, digest TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, surface TEXT NOT NULL,
    code TEXT NOT NULL, value TEXT NOT NULL, value_to TEXT, unit TEXT NOT NULL, purpose TEXT, period TEXT, rule TEXT NOT NULL
);
CREATE INDEX grant_mention_record ON grant_mention (document, digest, position);
CREATE INDEX grant_mention_code ON grant_mention (code);

-- What is current, for whoever opens this file with a SQL tool.
CREATE VIEW current_record AS
    SELECT r.*, d.source, d.locator, v.title, v.publisher, v.published,
           substr(v.text, r.start + 1, r.stop - r.start) AS text
    FROM document d
    JOIN version v ON v.document = d.id AND v.digest = d.version
    JOIN record r ON r.document = d.id AND r.digest = d.version;
CREATE VIEW current_kommune_mention AS
    SELECT m.*, r.id AS record, r.kind AS record_kind, r.heading, r.start + m.start AS document_start, r.start + m.stop AS document_stop
    FROM kommune_mention m
    JOIN document d ON d.id = m.document AND d.version = m.digest
    JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position;
