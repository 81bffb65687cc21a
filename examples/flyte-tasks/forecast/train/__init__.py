"""Learns from past demand."""
