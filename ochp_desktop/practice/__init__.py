"""The practice clearing house: server, ledger, statements, scenarios, samples."""
