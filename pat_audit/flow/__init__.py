"""The language-neutral evaluator: what string, header, URL or pair does this program build, and out of what."""
