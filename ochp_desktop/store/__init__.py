"""What stays on this computer: drafts, journal, archive, partners, profiles, settings, credentials."""
