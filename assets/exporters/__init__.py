"""Content goes out: the library as a folder of files."""
