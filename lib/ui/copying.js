// A button that copies the page's address, which the table keeps up to date (grid.js, keepInUrl).
// Where a browser gives no clipboard (http without localhost), the address shows, selected.
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const field = parentElement.querySelector("input");
  const said = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  field.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    const address = window.location.href;
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = data.done;
    } catch {
      field.hidden = false;
      field.value = address;
      field.select();
      said.textContent = data.byHand;
    }
  };
}
