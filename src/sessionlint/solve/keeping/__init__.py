"""Where sessions and instances are kept or handed to: stores, caches, threads and tasks."""
