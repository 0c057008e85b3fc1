"""What can be exported: columns, filters and orders of each kind of object, checked and read.

Amounts in the files are in major units, as in those that are imported; filters compare minor ones,
as everywhere on the wire. Instants are UTC.
"""

from reporting.reports.exports.kinds import (
    InvalidExportFields,
    Kind,
    Wanted,
    by_name,
    check,
    lines,
)

__all__ = ["InvalidExportFields", "Kind", "Wanted", "by_name", "check", "lines"]
