"""The record store, asked how much it holds: counts, months, sources, and what could not be read or is read anew."""

from __future__ import annotations

from collections.abc import Iterable

from kilde.store_file import StoreFile
from kilde.store_tables import COUNTED, Counts, Quarantined


class Totals(StoreFile):
    """What the store covers. Only current versions count, and imprints count nowhere."""

    def counts(self) -> Counts:
        """How much the store holds."""
        current = "JOIN document d ON d.id = m.document AND d.version = m.digest"
        in_record = (
            f"{current} JOIN record r ON r.document = m.document AND r.digest = m.digest AND r.position = m.position"
            f" WHERE r.{COUNTED}"
        )
        queries = {
            "documents": "SELECT count(*) FROM document WHERE version IS NOT NULL",
            "versions": "SELECT count(*) FROM version",
            "originals": "SELECT count(*) FROM original",
            "original_bytes": "SELECT coalesce(sum(size), 0) FROM original",
            "records": f"SELECT count(*) FROM record m {current} WHERE m.{COUNTED}",
            "kommuner": f"SELECT count(*) FROM kommune_mention m {in_record}",
            "dates": f"SELECT count(*) FROM date_mention m {in_record}",
            "amounts": f"SELECT count(*) FROM amount_mention m {in_record}",
            "problems": f"SELECT coalesce(sum(json_array_length(m.problems)), 0) FROM version m {current}",
            "months": f"SELECT count(DISTINCT substr(m.published, 1, 7)) FROM version m {current}"
            " WHERE length(m.published) >= 7",
            "gone": "SELECT count(*) FROM document WHERE gone IS NOT NULL AND NOT forgotten",
        }
        values = {name: int(self.connection.execute(query).fetchone()[0]) for name, query in queries.items()}
        return Counts(**values, quarantined=len(self.quarantined()))

    def coverage(self) -> tuple[int, int]:
        """The documents that can be read, and the different months in which they were published."""
        row = self.connection.execute(
            "SELECT count(*), count(DISTINCT CASE WHEN length(v.published) >= 7 THEN substr(v.published, 1, 7) END)"
            # Told which index, SQLite reads no texts: 25 times as quick with 17,000 documents.
            " FROM document d CROSS JOIN version v INDEXED BY version_published"
            " WHERE v.document = d.id AND v.digest = d.version"
        ).fetchone()
        return int(row[0]), int(row[1])

    def months(self) -> dict[str, dict[str, int]]:
        """The documents published in each month, by source; a date without a month is left out."""
        found = self.connection.execute(
            "SELECT d.source, substr(v.published, 1, 7), count(*) FROM document d"
            " JOIN version v ON v.document = d.id AND v.digest = d.version WHERE length(v.published) >= 7"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        months: dict[str, dict[str, int]] = {}
        for source, month, count in found:
            months.setdefault(source, {})[month] = count
        return months

    def sources(self) -> dict[str, int]:
        """The sources with the documents of each that can be read."""
        found = self.connection.execute(
            "SELECT source, count(version) FROM document WHERE NOT forgotten GROUP BY source ORDER BY source"
        )
        return {row[0]: row[1] for row in found}

    def last_published(self, source: str) -> str | None:
        """The last day on which any document of a source was published."""
        row = self.connection.execute(
            "SELECT max(v.published_last) FROM document d"
            " JOIN version v ON v.document = d.id AND v.digest = d.version WHERE d.source = ?",
            (source,),
        ).fetchone()
        return row[0] if row else None

    def shapes(self, source: str, limit: int, but: Iterable[str] = ()) -> list[tuple[int, int, int, int]]:
        """Records, characters, characters in records and mentions of the documents of a source seen last."""
        mentions = " + ".join(
            f"(SELECT count(*) FROM {name}_mention m WHERE m.document = v.document AND m.digest = v.digest)"
            for name in ("kommune", "date", "amount")
        )
        found = self.connection.execute(
            "SELECT d.id, count(r.id), length(v.text), coalesce(sum(r.stop - r.start), 0),"
            f" {mentions} FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            f" LEFT JOIN record r ON r.document = v.document AND r.digest = v.digest AND r.{COUNTED}"
            " WHERE d.source = ? GROUP BY d.id ORDER BY d.last DESC LIMIT ?",
            (source, limit + len(set(but))),
        )
        left_out = set(but)
        return [tuple(row[1:]) for row in found if row[0] not in left_out][:limit]

    def quarantined(self) -> list[Quarantined]:
        """The documents whose latest original could not be read, by source and locator."""
        found = self.connection.execute(
            "SELECT q.document, d.source, d.locator, q.digest, q.code, q.detail, q.rules FROM quarantine q"
            " JOIN document d ON d.id = q.document JOIN observation o ON o.number = d.last AND o.digest = q.digest"
            " WHERE d.gone IS NULL ORDER BY d.source, d.locator"
        )
        return [Quarantined(*row) for row in found]

    def older_than(self, rules: str, limit: int | None = None) -> list[str]:
        """The documents whose current version was read by other rules than these, at most `limit` of them."""
        found = self.connection.execute(
            "SELECT d.id FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            " WHERE v.rules != ? ORDER BY d.id LIMIT ?",
            (rules, -1 if limit is None else limit),
        )
        return [row[0] for row in found]

    def count_older_than(self, rules: str) -> int:
        """How many documents were read by other rules than these."""
        row = self.connection.execute(
            "SELECT count(*) FROM document d JOIN version v ON v.document = d.id AND v.digest = d.version"
            " WHERE v.rules != ?",
            (rules,),
        ).fetchone()
        return int(row[0])
