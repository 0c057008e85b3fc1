"""Telling other systems of events: whom, what, when, and only over addresses that are checked."""
