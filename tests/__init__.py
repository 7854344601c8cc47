"""The tests of OCHP Desktop."""
