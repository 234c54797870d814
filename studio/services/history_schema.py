"""The history's tables, as numbered migrations, and how a database is opened."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from studio.domain.errors import NewerData, StorageError
from studio.services.history_backup import back_up

if TYPE_CHECKING:
    from pathlib import Path

BUSY_TIMEOUT_S: Final = 10.0
"""How long to wait for another Sfumato that is writing."""

DERIVE: Final = """
    INSERT INTO edge (child_id, parent_pixels, kind, mask)
    SELECT
        child.id, json_extract(child.metadata, '$.image_sha256'), child.task,
        json_extract(child.metadata, '$.mask_sha256')
    FROM picture AS child
    WHERE child.dialect = 'sfumato' AND child.task <> 'text-to-image'
    AND json_extract(child.metadata, '$.image_sha256') IS NOT NULL
    AND coalesce(json_array_length(child.metadata, '$.parents'), 0) = 0
    AND EXISTS (
        SELECT 1 FROM picture AS parent
        WHERE parent.pixels = json_extract(child.metadata, '$.image_sha256') AND parent.id <> child.id
    )
    ON CONFLICT DO NOTHING
"""
"""Enters what pictures were painted from that name no parents, as no file did before there were any."""

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE model (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            hash TEXT NOT NULL,
            UNIQUE (name, hash)
        )
        """,
        """
        CREATE TABLE picture (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL UNIQUE,
            created TEXT NOT NULL,
            model_id INTEGER NOT NULL REFERENCES model (id),
            prompt TEXT NOT NULL,
            negative_prompt TEXT NOT NULL,
            metadata TEXT NOT NULL,
            is_missing INTEGER NOT NULL DEFAULT 0 CHECK (is_missing IN (0, 1))
        )
        """,
        "CREATE INDEX picture_by_age ON picture (created DESC, id DESC)",
        "CREATE INDEX picture_by_model ON picture (model_id)",
        """
        CREATE VIRTUAL TABLE picture_text USING fts5 (
            prompt, negative_prompt, content = 'picture', content_rowid = 'id',
            tokenize = 'unicode61 remove_diacritics 2'
        )
        """,
        """
        CREATE TRIGGER picture_added AFTER INSERT ON picture BEGIN
            INSERT INTO picture_text (rowid, prompt, negative_prompt)
            VALUES (new.id, new.prompt, new.negative_prompt);
        END
        """,
        """
        CREATE TRIGGER picture_removed AFTER DELETE ON picture BEGIN
            INSERT INTO picture_text (picture_text, rowid, prompt, negative_prompt)
            VALUES ('delete', old.id, old.prompt, old.negative_prompt);
        END
        """,
        """
        CREATE TRIGGER picture_reworded AFTER UPDATE OF prompt, negative_prompt ON picture BEGIN
            INSERT INTO picture_text (picture_text, rowid, prompt, negative_prompt)
            VALUES ('delete', old.id, old.prompt, old.negative_prompt);
            INSERT INTO picture_text (rowid, prompt, negative_prompt)
            VALUES (new.id, new.prompt, new.negative_prompt);
        END
        """,
    ),
    ("CREATE INDEX picture_by_pixels ON picture (json_extract(metadata, '$.picture_sha256'))",),
    (
        "DROP INDEX picture_by_pixels",
        "DROP INDEX picture_by_model",
        "ALTER TABLE picture ADD COLUMN dialect TEXT NOT NULL DEFAULT 'sfumato'",
        "ALTER TABLE picture ADD COLUMN pixels TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN look INTEGER",
        "ALTER TABLE picture ADD COLUMN width INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE picture ADD COLUMN height INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE picture ADD COLUMN day TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN task TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN model TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN loras TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE picture ADD COLUMN is_starred INTEGER NOT NULL DEFAULT 0 CHECK (is_starred IN (0, 1))",
        "ALTER TABLE picture ADD COLUMN is_imported INTEGER NOT NULL DEFAULT 0 CHECK (is_imported IN (0, 1))",
        "ALTER TABLE picture ADD COLUMN trashed TEXT",
        "ALTER TABLE picture ADD COLUMN home TEXT",
        "ALTER TABLE picture ADD COLUMN bytes INTEGER",
        "ALTER TABLE picture ADD COLUMN modified_ns INTEGER",
        """
        UPDATE picture SET
            pixels = json_extract(metadata, '$.picture_sha256'),
            width = json_extract(metadata, '$.width'),
            height = json_extract(metadata, '$.height'),
            day = date(created, 'localtime'),
            task = json_extract(metadata, '$.task'),
            model = (SELECT name FROM model WHERE model.id = picture.model_id)
        """,
        "DROP TRIGGER picture_added",
        "DROP TRIGGER picture_removed",
        "DROP TRIGGER picture_reworded",
        "DROP TABLE picture_text",
        """
        CREATE VIRTUAL TABLE picture_text USING fts5 (
            prompt, negative_prompt, model, loras, note, tags, content = 'picture', content_rowid = 'id',
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
        )
        """,
        "INSERT INTO picture_text (picture_text) VALUES ('rebuild')",
        """
        CREATE TRIGGER picture_added AFTER INSERT ON picture BEGIN
            INSERT INTO picture_text (rowid, prompt, negative_prompt, model, loras, note, tags)
            VALUES (new.id, new.prompt, new.negative_prompt, new.model, new.loras, new.note, new.tags);
        END
        """,
        """
        CREATE TRIGGER picture_removed AFTER DELETE ON picture BEGIN
            INSERT INTO picture_text (picture_text, rowid, prompt, negative_prompt, model, loras, note, tags)
            VALUES ('delete', old.id, old.prompt, old.negative_prompt, old.model, old.loras, old.note, old.tags);
        END
        """,
        """
        CREATE TRIGGER picture_reworded
        AFTER UPDATE OF prompt, negative_prompt, model, loras, note, tags ON picture BEGIN
            INSERT INTO picture_text (picture_text, rowid, prompt, negative_prompt, model, loras, note, tags)
            VALUES ('delete', old.id, old.prompt, old.negative_prompt, old.model, old.loras, old.note, old.tags);
            INSERT INTO picture_text (rowid, prompt, negative_prompt, model, loras, note, tags)
            VALUES (new.id, new.prompt, new.negative_prompt, new.model, new.loras, new.note, new.tags);
        END
        """,
        "CREATE INDEX picture_by_pixels ON picture (pixels)",
        "CREATE INDEX picture_by_look ON picture (look) WHERE look IS NOT NULL",
        "CREATE INDEX picture_unseen ON picture (created DESC, id DESC) WHERE look IS NULL",
        # SQLite takes an index for covering only if it holds the column of its own condition as well.
        "CREATE INDEX picture_shown ON picture (created DESC, id DESC, day, trashed) WHERE trashed IS NULL",
        """
        CREATE INDEX picture_facts ON picture (
            is_starred, is_imported, is_missing, width, height, task, dialect, model, trashed
        )
        """,
        "CREATE INDEX picture_by_seed ON picture (json_extract(metadata, '$.seed'))",
        "CREATE INDEX picture_loras ON picture (loras, trashed) WHERE loras <> ''",
        "CREATE INDEX picture_tags ON picture (tags, trashed) WHERE tags <> ''",
        "CREATE INDEX picture_trashed ON picture (trashed) WHERE trashed IS NOT NULL",
        """
        CREATE TABLE edge (
            child_id INTEGER NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
            parent_pixels TEXT NOT NULL,
            kind TEXT NOT NULL,
            mask TEXT,
            changes TEXT,
            PRIMARY KEY (child_id, parent_pixels, kind)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX edge_by_parent ON edge (parent_pixels)",
        "CREATE TABLE board (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created TEXT NOT NULL)",
        """
        CREATE TABLE board_picture (
            board_id INTEGER NOT NULL REFERENCES board (id) ON DELETE CASCADE,
            picture_id INTEGER NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
            PRIMARY KEY (board_id, picture_id)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX board_of_picture ON board_picture (picture_id)",
        """
        CREATE TABLE saved_search (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            query TEXT NOT NULL
        )
        """,
        "CREATE TABLE folder (name TEXT PRIMARY KEY, modified_ns INTEGER NOT NULL)",
        "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        DERIVE,
    ),
)
"""Statements that lead from one version of the tables to the next. What was published is never changed."""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database, make it where there is none, and bring its tables up to date.

    The connection is used on the thread that opened it. Several processes may have the same database open.

    Raises:
        NewerData: a newer Sfumato has written it; it is not touched.
        StorageError: it cannot be opened, or is no database, or cannot be copied before its tables are changed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Autocommit: transactions are begun by hand, where they are needed.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise storage_error(path, error) from error
    try:
        _refuse_newer(connection, path)
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise storage_error(path, error) from error
    except StorageError:
        connection.close()
        raise
    return connection


def storage_error(path: Path, error: Exception) -> StorageError:
    """Return what to tell the user about a database that fails."""
    if is_damage(error):
        remedy = "Move the file away: the next start rebuilds it from the pictures, and so does sfumato history rebuild"
    else:
        remedy = "Check that the folder can be written and that the disk is not full"
    return StorageError(f"The history {path} cannot be used", str(error), remedy)


def is_damage(error: BaseException | None) -> bool:
    """Tell whether SQLite says that the file is no database, or none that holds together."""
    damages = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in damages


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the tables; 0 for a new database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise NewerData(
            f"The history {path} has version {version}",
            f"this Sfumato knows versions up to {len(MIGRATIONS)}",
            "Update Sfumato to use it",
        )


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at the same time, and a killed process leave nothing half done.

    The busy timeout does not hold for this switch (https://www.sqlite.org/wal.html, "sometimes queries return
    SQLITE_BUSY"): of two processes that make it at once, one may fail. A lock taken first makes them wait in turn.
    """
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if version_of(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again: another process may have done it while this one waited for the lock.
        version = version_of(connection)
        if 0 < version < len(MIGRATIONS):
            back_up(path, len(MIGRATIONS))
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
