"""Which column is what: known names, guesses with reasons, presets, and the SQL of each role."""
