// Enter goes on to the next field; from the last one it presses the form's button. Escape leaves the
// fields, so that the desk's own keys are heard again. Heard before Streamlit's own, and as long as
// the component is on the page.
export default function ({ data }) {
  const heard = new AbortController();
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const box = field instanceof HTMLInputElement && field.closest(`.${data.inside}`);
    if (event.key === "Escape" && box) field.blur();
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || !box) return;
    event.preventDefault();
    event.stopPropagation();
    const fields = [...box.querySelectorAll("input")];
    const next = fields[fields.indexOf(field) + 1];
    if (next) {
      next.focus();
      next.select();
      return;
    }
    field.blur(); // so that what was typed last is told too
    setTimeout(() => box.querySelector("[data-testid=stFormSubmitButton] button")?.click());
  }, { capture: true, signal: heard.signal });
  return () => heard.abort();
}
