"""A period's figures on paper: charts as images, a PDF, a workbook. Made by a process of its own
(apart.py): what draws takes seconds of a processor and much memory, which goes with the process.
"""
