// A mail as its reader sees it, in a frame without scripts, origin, forms or windows of its own; the
// page's policy (lib/ui/middleware.py) holds in it too, so nothing is fetched.
// While somebody types in the editor, what they typed is handed over when they pause: Streamlit
// itself waits until the field is left.
const PAUSE = 400; // ms
const ends = new WeakMap();

function handOver(field) {
  const keys = { key: "Enter", ctrlKey: field.tagName === "TEXTAREA", bubbles: true };
  field.dispatchEvent(new KeyboardEvent("keydown", keys));
}

export default function ({ parentElement, data }) {
  const frame = parentElement.querySelector("iframe");
  if (frame.srcdoc !== data.html) frame.srcdoc = data.html;
  parentElement.querySelector("div").classList.toggle("old", data.old);

  ends.get(parentElement)?.();
  let pause;
  const onInput = (event) => {
    const field = event.target;
    if (event.isComposing || !field.closest?.(data.editor)) return;
    clearTimeout(pause);
    pause = setTimeout(() => handOver(field), PAUSE);
  };
  document.addEventListener("input", onInput);
  const end = () => document.removeEventListener("input", onInput);
  ends.set(parentElement, end);
  return end;
}
