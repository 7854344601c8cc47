"""Windows, tabs, models, delegates and dialogs."""
