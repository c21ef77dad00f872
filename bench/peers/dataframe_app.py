"""A Streamlit page with st.dataframe over all the rows."""

import os

import pandas as pd
import streamlit as st

st.set_page_config(layout="wide")


@st.cache_data
def rows() -> pd.DataFrame:
    return pd.read_parquet(os.environ["BENCH_ROWS"])


st.dataframe(rows(), height=600)
