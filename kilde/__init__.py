"""The shared vocabulary of Kilde and its front door: types, settings, store and the command line."""
