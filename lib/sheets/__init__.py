"""Tables as files. csv_file.py and xlsx_file.py write one as its rows come, in constant memory;
apart.py has that done by a process of its own. workbook.py reads a workbook's sheet, likewise in a
process of its own (unpacking.py).
"""
