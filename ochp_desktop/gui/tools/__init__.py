"""Small tools, each a panel of its own beside the window: cards, contract ids, expiry dates, and the rules."""
