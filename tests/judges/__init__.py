"""Outside judges of the archive: tools that share no code with it, each in an environment of its own."""
