"""Value type of an energy volume in kWh."""

from __future__ import annotations

from ochp_desktop.records.values import ValueType


class Volume(ValueType):
    """An energy volume in kWh."""

    name = "volume"
