"""Real scripts, run against a service on loopback that judges how they sign in, before and after their fix."""
