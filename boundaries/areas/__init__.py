"""Sets of areas: the boundaries of a geography on a date, official, bundled, merged, custom, statistical or planned; and who lies in whom."""
