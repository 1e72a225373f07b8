"""What the security model promises, held with real processes, real git and real files."""
