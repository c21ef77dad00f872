"""What people see: the only room, with pages/, that knows Streamlit."""
