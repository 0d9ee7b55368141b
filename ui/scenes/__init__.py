"""Scenes: what a picture shows, as plain JSON of the shape ``ui/canvas/scene.schema.json``.

Counting is done before; here numbers are written by the rules of the language in use and put into words. Whoever draws
a scene decides on places, widths and colours.
"""
