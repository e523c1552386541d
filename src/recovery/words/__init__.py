"""Every sentence and every number for people."""
