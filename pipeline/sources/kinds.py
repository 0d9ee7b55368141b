"""What kind of log a file is: told by its first bytes, and by its name where they leave it open."""

from __future__ import annotations

from pathlib import PurePath

from mining.messages import N_, Message
from pipeline.sources.access_log import is_access_log
from pipeline.sources.packed import SUFFIXES
from pipeline.sources.sequences import is_sequences

HEAD = 1 << 16  # bytes: what is looked at
DATABASES = {".duckdb", ".sqlite", ".db"}
JSON_NAMES = {".jsonl", ".ndjson", ".json"}
LOG_NAMES = {
    *(".csv", ".tsv", ".tab", ".psv", ".txt", ".log", ".dat", ".seq", ".spmf", ".xes", ".parquet", ".pq", ".arrow"),
    *(".feather", ".ipc", ".xlsx", ".xlsm", ".xls", *DATABASES, *JSON_NAMES, *SUFFIXES),
}
FEW = 3  # control characters that a text may have by mistake
UNKNOWN_NAMES = {".txt", ".log", ".dat"}  # names of logs and of anything else
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # spreadsheets before 2007, and those that are locked by a password
TEXT_BYTES = bytes({7, 8, 9, 10, 12, 13, 27} | set(range(32, 256)))
LENIENT = TEXT_BYTES + b"\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17\x1c\x1d\x1e\x1f"  # separators of old files
NOT_READ = (
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
)


def kind(start: bytes, name: str) -> str:
    """Tell the kind of a log by its first bytes and its name.

    Examples
    --------
    >>> kind(b"case,activity,time", "log.csv"), kind(b'{"case": 1}', "log.csv"), kind(b"PAR1", "log")
    ('csv', 'jsonl', 'parquet')
    """
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", OLE)):
        return "spreadsheet"
    if start.startswith((b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        return "arrow"
    if start.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    if start[8:12] == b"DUCK":
        return "duckdb"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    names = {suffix.lower() for suffix in PurePath(name).suffixes[-2:]}
    if ".xes" in names or (text.startswith(b"<") and b"<log" in start[:4096]):
        return "xes"
    if names & JSON_NAMES or text.startswith((b'{"', b"[{")):
        return "jsonl"
    if is_access_log(start):
        return "access_log"
    if is_sequences(start, name):
        return "sequence"
    return "csv"


def refused(start: bytes, path: PurePath) -> Message | None:
    """Say why a content cannot be a log at all, if that shows in its first bytes."""
    for magic, name in NOT_READ:
        if start.startswith(magic):
            return Message(
                N_("{path} is packed by {packer}, which is not read. Unpack it, or pack it as gz, zst or zip."),
                path=path,
                packer=name,
            )
    if start[257:262] == b"ustar":
        return Message(N_("{path} is a tar archive, which is not read. Unpack it, or pack it as zip."), path=path)
    return None


def is_binary(start: bytes) -> bool:
    """Say whether bytes are no text in any encoding: control characters are in it that no text has.

    Examples
    --------
    >>> is_binary(b"a,b"), is_binary(bytes(range(20))), is_binary("a,b".encode("utf-16-le"))
    (False, True, False)
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    if max(even, odd) > 0.15 * len(start[:4096]) and min(even, odd) <= 0.02 * len(start[:4096]):
        return False
    control = len(start.translate(None, LENIENT))
    return control > max(FEW, 0.001 * len(start))
