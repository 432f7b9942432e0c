"""Multitracks of others: libraries found, read and cached, whatever their layout."""
