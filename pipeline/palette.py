"""Colours with a meaning, on white paper: the same in the app and in a report.

They are far enough apart for the common kinds of colour blindness, and never tell anything alone.
"""

BLUE = "#1f6aa5"  # went on, and what can be clicked
SLATE = "#7d8b9c"  # as planned, or still open
AMBER = "#ca8608"  # left out, late
VIOLET = "#9f45dc"  # not in the plan
RUST = "#b73214"  # out of order, failed
TEAL = "#16657e"  # once more
WINE = "#6b0b22"  # dropped off
GREEN = "#1d7a55"  # converted
