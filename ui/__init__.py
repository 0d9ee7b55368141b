"""The pages: one file per page, one file per picture. Pick, call, show; no SQL and no statistics."""
