"""Adapters: one file for each publisher's format, all with the same shape; found through ``boundaries.sources.registry``."""
