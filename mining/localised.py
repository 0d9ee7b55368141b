"""Texts that an author wrote in one or several languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A text in one or several languages; the language ``""`` stands for text written without naming one."""

    by_language: tuple[tuple[str, str], ...] = ()

    def get(self, language: str = "en") -> str:
        """Give the text in `language`, else in English, else as first written."""
        known = dict(self.by_language)
        return known.get(language) or known.get("") or known.get("en") or next(iter(known.values()), "")

    def __str__(self) -> str:
        return self.get()

    def __bool__(self) -> bool:
        return bool(self.by_language)


NO_TEXT = Text()
