// After a choice another page is drawn: the focus goes to the row that was looked for, else to the
// page's beginning, unless somebody has put it elsewhere meanwhile.
const PATIENCE = 8000; // milliseconds

function tables() {
  const shadows = [...document.querySelectorAll(".stBidiComponent *")].map((node) => node.shadowRoot);
  return shadows.map((shadow) => shadow?.querySelector(".mesa-grid")).filter(Boolean);
}

function land(row) {
  window.__mesaLanding?.abort();
  const off = (window.__mesaLanding = new AbortController());
  const { signal } = off;
  for (const act of ["keydown", "pointerdown"]) window.addEventListener(act, () => off.abort(), { capture: true, signal });
  const until = Date.now() + PATIENCE;
  document.getElementById("stMain")?.focus({ preventScroll: true });
  const look = () => {
    if (signal.aborted || !row) return;
    const found = tables().map((table) => table.querySelector(`tr[data-id="${CSS.escape(row)}"]`)).find(Boolean);
    if (found) {
      found.focus();
      off.abort();
    } else if (Date.now() < until) setTimeout(look, 60);
  };
  look();
}
