"""Tests of the ways of writing down how a picture was made."""
