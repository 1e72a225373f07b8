"""Front ends: each lowers one language's syntax tree to the IR; nothing else in the product knows a syntax tree."""
