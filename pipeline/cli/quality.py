"""`desirepath quality`: the quality report of a log as text or JSON, and its rejected rows as a file."""

from __future__ import annotations

from argparse import Namespace

from pipeline.cli.log import open_log
from pipeline.cli.text import out, out_json, spoken

DONE = 0


def quality(arguments: Namespace) -> int:
    """Say what should be known about a log before its figures are trusted."""
    from pipeline.files import write_atomically
    from pipeline.quality import quality as examine
    from pipeline.quality import rejects_csv

    with open_log(arguments.log, arguments) as workspace:
        report = examine(workspace)
        if arguments.rejects:
            write_atomically(arguments.rejects, rejects_csv(workspace))
    if arguments.json:
        out_json(report.as_dict())
    elif not arguments.quiet:
        from pipeline.cli.examined import quality_text

        out(quality_text(report, spoken(arguments)))
    return DONE
