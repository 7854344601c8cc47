"""The tab History: every action that left this computer, with search, receipts and what to do about doubts."""
