"""`--help` in the language that is asked for: the texts stand in English beside the options they explain."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from mining.messages import N_
from pipeline.language import LANGUAGES, Language

OF_ARGPARSE = (N_("positional arguments"), N_("options"), N_("show this help message and exit"))


def language_of(argv: Sequence[str] | None) -> Language:
    """Look ahead for the language: help is printed before all arguments are read."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?")
    code = early.parse_known_args(argv)[0].language
    return Language(code) if code in LANGUAGES else Language()


def sentence(text: str) -> str:
    """Make what a list says of a command the first sentence of its own help."""
    return f"{text[0].upper()}{text[1:]}."


def put_into(parser: argparse.ArgumentParser, language: Language) -> None:
    """Put the help of a parser, and of the commands under it, into a language."""

    def said(text: str | None) -> str | None:
        return language.translate(text) if text else text

    parser.description, parser.epilog = said(parser.description), said(parser.epilog)
    for group in parser._action_groups:
        group.title, group.description = said(group.title), said(group.description)
    for action in parser._actions:
        action.help = said(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for listed in action._choices_actions:
                listed.help = language.translate(str(listed.help))
                under = action.choices[listed.dest]
                put_into(under, language)
                under.description = sentence(listed.help)
