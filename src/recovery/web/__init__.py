"""The live page: a server of the home's pages, where massages and days are logged, files dropped, runs started."""
