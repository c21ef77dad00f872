// Streamlit draws what is under a popover at the end of the page, where Tab comes last, and forgets
// the focus when an act in it closes it. So the focus goes in when it opens, and back to its button.
const entered = new WeakSet();

export default function ({ parentElement }) {
  const body = (parentElement.getRootNode().host ?? parentElement).closest("[data-testid=stPopoverBody]");
  if (!body || entered.has(body)) return undefined;
  entered.add(body);
  const button = document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
  body.tabIndex = -1;
  body.style.outline = "none"; // a place to start from, not something to press
  body.focus({ preventScroll: true });
  return () => setTimeout(() => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (lost && button?.isConnected) button.focus({ preventScroll: true });
  }, 50);
}
