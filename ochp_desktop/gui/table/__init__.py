"""The table that edits sheets as in Excel: model, delegate, view, find bar, problems panel."""
