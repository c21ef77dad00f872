"""One page of a grouped, filtered, sorted list, straight from the engine.

columns.py, levels.py and sources.py are the whitelist, understood.py what of a view they know;
filters.py and search/ turn what people type into conditions; plan.py puts a view over a source.
tree.py walks the groups (groups.py; all of them at once: whole.py), paging.py finds the keys of a
page (by the ranks that a load stored: placed.py), rows.py what lies behind them. facet.py lists a
column's values, selected.py reads what is ticked or everything. All ask through reading.py, whose
answers are kept, in pieces of SQL that carry their values (fragment.py). engine.py is the door.
"""
