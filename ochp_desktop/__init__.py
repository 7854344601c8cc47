"""OCHP Desktop: roaming lists, charge data records and cleared CDRs over OCHP 0.1."""

__version__ = "0.1.0"
