"""A Streamlit page with streamlit-aggrid, grouping and filters on (AG Grid's enterprise parts)."""

import os

import pandas as pd
import streamlit as st
from st_aggrid import AgGrid, GridOptionsBuilder

st.set_page_config(layout="wide")


@st.cache_data
def rows() -> pd.DataFrame:
    return pd.read_parquet(os.environ["BENCH_ROWS"]).astype(str)


def options(frame: pd.DataFrame) -> dict[str, object]:
    builder = GridOptionsBuilder.from_dataframe(frame)
    builder.configure_default_column(filter=True, floatingFilter=True, enableRowGroup=True)
    builder.configure_pagination(paginationAutoPageSize=False, paginationPageSize=50)
    builder.configure_grid_options(rowGroupPanelShow="always")
    built: dict[str, object] = builder.build()
    return built


AgGrid(rows(), options(rows()), height=600, enable_enterprise_modules=True, update_on=[])
