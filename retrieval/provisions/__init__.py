"""By-laws as graphs: articles, paragraphs, items, what they refer to, which sanction follows an act."""

from __future__ import annotations

from retrieval.provisions.articles import read_articles
from retrieval.provisions.bylaw import Article, ByLaw, Clause, Provision, Reference
from retrieval.provisions.provision_graph import Consequence, ProvisionGraph, read_graph
from retrieval.provisions.references import references
from retrieval.provisions.sanctions import Amount, Sanction, SanctionStage, StageKind

__all__ = [
    "Amount",
    "Article",
    "ByLaw",
    "Clause",
    "Consequence",
    "Provision",
    "ProvisionGraph",
    "Reference",
    "Sanction",
    "SanctionStage",
    "StageKind",
    "read_articles",
    "read_graph",
    "references",
]
