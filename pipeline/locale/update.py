"""Bring the catalogues up to date with the code: ``python -m pipeline.locale.update``.

Messages are written in English in the code, and every other language has a catalogue of them. Those that are new come
in untranslated, those that are gone go out. What is still to be translated is written to stderr, one message a line.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.language import LANGUAGES

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("ui", "pipeline", "mining")
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
# What Babel writes into the head of a catalogue and what says nothing, or changes with every run.
CHANGING = tuple(
    f'"{name}:'
    for name in (
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "md": None,
    "translate": None,
    "t": None,
    "counted": (1, 2),
}


def catalogue_file(language: str) -> Path:
    """Give the file of a language."""
    return Path(__file__).parent / language / "LC_MESSAGES" / "desirepath.po"


def extract() -> Catalog:
    """Collect every message marked in the code, with the files it stands in."""
    from babel.messages import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog(project="desirepath", charset="utf-8")
    for floor in FLOORS:
        for name, _line, message, _comments, context in extract_from_dir(ROOT / floor, METHODS, keywords=KEYWORDS):
            found.add(message, locations=[(f"{floor}/{name}", 0)], context=context)
    return found


def read(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    file = catalogue_file(language)
    if not file.exists():
        return Catalog(locale=language, project="desirepath", charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def updated(language: str, found: Catalog) -> Catalog:
    """Give the catalogue of a language with exactly the messages that were found."""
    from babel.messages import Catalog

    known = read(language)
    fresh = Catalog(locale=language, project="desirepath", charset="utf-8", fuzzy=False, header_comment="")
    for message in sorted((m for m in found if m.id), key=lambda m: str(m.id)):
        old = known.get(message.id)
        said = old.string if old is not None else ""
        fresh.add(message.id, said, locations=sorted({(name, 0) for name, _ in message.locations}))
    return fresh


def is_translated(message: Message) -> bool:
    """Tell whether every form of a message has its words."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(forms)


def main() -> None:
    """Rewrite every catalogue."""
    from babel.messages.pofile import write_po

    found = extract()
    for language in TRANSLATED:
        file = catalogue_file(language)
        fresh = updated(language, found)
        file.parent.mkdir(parents=True, exist_ok=True)
        stream = io.BytesIO()
        write_po(stream, fresh, width=110, include_lineno=False)
        lines = stream.getvalue().decode().lstrip().splitlines(keepends=True)
        kept = (line for line in lines if not line.startswith(CHANGING))
        file.write_text("".join(kept), encoding="utf-8")
        for message in fresh:
            if message.id and not is_translated(message):
                sys.stderr.write(f"{language}: {message.id!r}\n")


if __name__ == "__main__":
    main()
