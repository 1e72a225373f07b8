"""Reports on the repositories of an organization."""
