"""Composite indices: data in, an outcome with its uncertainty out."""

from analysis.indices.building import build_index, compose_index
from analysis.indices.definition import IndexDefinition, index_of, load_index
from analysis.indices.result import Index
from analysis.indices.writing import index_file, save_index, write_index

__all__ = [
    "Index",
    "IndexDefinition",
    "build_index",
    "compose_index",
    "index_file",
    "index_of",
    "load_index",
    "save_index",
    "write_index",
]
