"""Hybrid search: keyword and vector retrievers, hard filters, fused scores."""
