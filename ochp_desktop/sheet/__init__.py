"""The table being edited: text cells, row ids, block edits and undo, order, clipboard. Pure Python."""
