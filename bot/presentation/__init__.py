"""Answers, passages and facts as blocks and records that every face shows alike."""
