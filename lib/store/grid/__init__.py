"""One page of a grouped, filtered, sorted list, straight from the engine.

columns.py and sources.py are the whitelist; filters.py and search/ turn what people type into
conditions; plan.py puts a view over a source; tree.py reads the page; engine.py is the door.
"""
