"""Everything that a repository has ever held: each blob is looked at once, whatever its name and commit."""
