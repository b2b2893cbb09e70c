"""A firm's own tables: read as they are, named as the study names them, checked, joined, and counted at every step."""
