"""What configuration files say of sign-ins: their settings read by format, and the programs written in them."""
