"""The pictures of a report, as SVG text: the same for the page and for the PDF, and the same for the same numbers."""
