"""Moves data: files -> workspace -> small frames -> mining -> findings, reports, command line."""
