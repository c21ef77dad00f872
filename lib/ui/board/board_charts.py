"""The Tablero's charts, as Vega-Lite: bars that are pressed to see the rows behind them.

A period is a full bar and the one before an empty one around it: told apart by their form. Where
there are two series their colours are Okabe and Ito's blue and vermilion, which no colour blindness
confuses; all stand out 3 to 1 by light and by dark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.services.log.board import Count
from lib.ui.board import board_words
from lib.ui.board.board_links import Target

_GREEN, _GREY = "#14906A", "#808987"
_BLUE, _VERMILION = "#0072B2", "#D55E00"
_PICK = "pick"
_KEY = "clave"
_ROW = 30  # pixels of a bar that lies
_TALL = 240
# A chart is heard by its name: Vega would tell each of its marks in English; its table has them.
_SILENT = {"aria": False}
_CONFIG = {"axis": _SILENT, "legend": _SILENT}

Spec = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A bar, the rows behind it, and its series where there are several."""

    label: str
    count: Count
    target: Target
    series: str = ""


def lying(key: str, bars: Sequence[Bar], alt: str, *, alone: bool = False) -> None:
    """One under another, for names. `alone`: with no period before."""
    label = {"field": "label", "type": "nominal", "sort": None, "title": None}
    y = label | {"axis": {"labelLimit": 190, "ticks": False, "domain": False}}
    spec = _beside({"y": y}, "x", "height", alone=alone) | {"height": {"step": _ROW}}
    _draw(key, bars, spec, alt)


def standing(key: str, bars: Sequence[Bar], alt: str) -> None:
    """Side by side, for days."""
    axis = {"labelAngle": 0, "labelOverlap": "parity", "labelBound": True, "ticks": False}
    x = {"field": "label", "type": "ordinal", "sort": None, "title": None, "axis": axis}
    spec = _beside({"x": x}, "y", "width") | {"height": _TALL}
    _draw(key, bars, spec, alt)


def series(key: str, bars: Sequence[Bar], names: Sequence[str], alt: str) -> None:
    """Two series side by side, for months."""
    axis = {"labelAngle": 0, "labelOverlap": "parity", "labelBound": True, "ticks": False}
    colour = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(names), "range": [_BLUE, _VERMILION]},
        "legend": {"title": None, "orient": "top"},
    }
    spec = {
        "mark": {"type": "bar", "cursor": "pointer", "cornerRadiusEnd": 2} | _SILENT,
        "params": [_picked()],
        "encoding": {
            "x": {"field": "label", "type": "ordinal", "sort": None, "title": None, "axis": axis},
            "xOffset": {"field": "series", "sort": list(names)},
            "y": _counted("now"),
            "color": colour,
            "opacity": _dimmed(),
            "tooltip": [_told("label", "Mes"), _told("series", "Tipo"), _told("now", "Sistemas")],
        },
        "height": _TALL,
    }
    _draw(key, bars, spec, alt)


def _beside(place: Mapping[str, Any], along: str, thickness: str, *, alone: bool = False) -> Spec:
    """A period's bars within those of the period before."""
    told = [_told("label", "Renglón"), _told("now", "Cuántos" if alone else "Este periodo")]
    if not alone:
        told += [_told("before", "Periodo anterior"), _told("change", "Cambio")]
    edge = {"type": "bar", "filled": False, "stroke": _GREY, "strokeWidth": 1.5} | _SILENT
    full = {"type": "bar", "color": _GREEN, "cursor": "pointer", "cornerRadiusEnd": 2} | _SILENT
    before = {
        "mark": edge | {thickness: {"band": 0.86}},
        "encoding": {along: _counted("before")},
    }
    now = {
        "mark": full | {thickness: {"band": 0.52}},
        "params": [_picked()],
        "encoding": {along: _counted("now"), "opacity": _dimmed()},
    }
    layer = [now] if alone else [before, now]
    return {"encoding": {**place, "tooltip": told}, "layer": layer}


def _counted(field: str) -> Spec:
    axis = {"tickMinStep": 1, "tickCount": 6, "format": ",d", "labelBound": True}
    return {"field": field, "type": "quantitative", "title": None, "axis": axis}


def _told(field: str, title: str) -> Spec:
    numeric = {"type": "quantitative", "format": ",d"} if field in ("now", "before") else {}
    return {"field": field, "title": title, **numeric}


def _picked() -> Spec:
    return {"name": _PICK, "select": {"type": "point", "fields": [_KEY]}}


def _dimmed() -> Spec:
    return {"condition": {"param": _PICK, "value": 1, "empty": True}, "value": 0.6}


def _draw(key: str, bars: Sequence[Bar], spec: Spec, alt: str) -> None:
    """Pressing one of its bars opens the rows behind it."""
    values = [
        {
            _KEY: place,
            "label": bar.label,
            "series": bar.series,
            "now": bar.count.now,
            "before": bar.count.before,
            "change": board_words.change(bar.count) or "—",
        }
        for place, bar in enumerate(bars)
    ]
    event = st.vega_lite_chart(
        {"data": {"values": values}, "config": _CONFIG, **spec},
        key=f"board.chart.{key}",
        on_select="rerun",
        selection_mode=_PICK,
        width="stretch",
        alt=alt,
    )
    picked = event.get("selection", {}).get(_PICK) or []
    place = picked[0].get(_KEY) if picked else None
    if isinstance(place, int) and 0 <= place < len(bars):
        target = bars[place].target
        st.switch_page(target.page, query_params=target.pressed())
