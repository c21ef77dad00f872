// A modal window in the browser's top layer: nothing under it can be reached, Tab goes round in it,
// Escape and a click beside it close it, and the focus goes back to where it was.
class Modal {
  constructor(name, look, ...children) {
    const close = button("close", TEXT.close, () => this.close());
    this.root = el("dialog", {
      class: `window ${look}`, "aria-label": name,
      onclick: (e) => { if (e.target === this.root) this.close(); }, onclose: () => this.closed(), onkeydown: (e) => this.round(e),
    }, el("div", { class: "sheet" }, ...children, close));
  }

  get isOpen() {
    return this.root.open;
  }

  open() {
    if (this.isOpen || underAnother()) return false;
    this.before = deepActive();
    this.root.showModal();
    return true;
  }

  close() {
    if (this.isOpen) this.root.close();
  }

  // Without it Tab would go on to the browser's own buttons.
  round(event) {
    if (event.key !== "Tab") return;
    const all = this.root.querySelectorAll("input, button, [tabindex='0']");
    const stops = [...all].filter((node) => node.getClientRects().length);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (deepActive() !== from) return;
    event.preventDefault();
    to.focus();
  }

  // The browser gives the focus back; not when what had it was drawn anew meanwhile.
  closed() {
    if (!this.before?.isConnected) document.getElementById("stMain")?.focus({ preventScroll: true });
    this.before = null;
  }
}

function deepActive() {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
}

// One of Streamlit's windows is open: it holds the focus, and what it asks is answered first.
function underAnother() {
  return document.querySelector("[role=dialog][data-rac], [role=dialog] [slot=title]") !== null;
}
