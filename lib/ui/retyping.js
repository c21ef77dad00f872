// After Enter what stands in the field is chosen whole: what is scanned or typed next takes its
// place, and what was asked stays to be read or mended.
export default function ({ data }) {
  const heard = new AbortController();
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !(target instanceof HTMLInputElement)) return;
    if (target.closest(`.${data.inside}`)) setTimeout(() => target.select());
  }, { capture: true, signal: heard.signal });
  return () => heard.abort();
}
