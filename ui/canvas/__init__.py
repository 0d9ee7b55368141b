"""The interactive journey map: a scene as plain JSON, and the component that draws it."""
